/**
 * The values that every rule works with: the conversation and the snapshot as a rule reads them,
 * and the finding that it builds. Enters: conversations and snapshots. Leaves: findings. No I/O, no
 * clock; runs on any thread.
 */
@NullMarked
package io.vethtrace.daemon.diagnose.model;

import org.jspecify.annotations.NullMarked;
