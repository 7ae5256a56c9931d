/**
 * Rules: pure functions from a conversation and a snapshot of the kernel's settings to a finding.
 * Enters: conversations and snapshots. Leaves: findings, root causes first. No I/O, no clock; runs
 * on any thread.
 */
@NullMarked
package io.vethtrace.daemon.diagnose;

import org.jspecify.annotations.NullMarked;
