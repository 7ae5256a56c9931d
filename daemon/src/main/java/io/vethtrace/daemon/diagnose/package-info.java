/**
 * The verdict. {@link io.vethtrace.daemon.diagnose.Diagnosis} applies the rules of the packages
 * below to conversations, folds consequences under their root cause and merges equal findings.
 * Enters: conversations and a snapshot. Leaves: findings, root causes first. No I/O, no clock; runs
 * on any thread.
 */
@NullMarked
package io.vethtrace.daemon.diagnose;

import org.jspecify.annotations.NullMarked;
