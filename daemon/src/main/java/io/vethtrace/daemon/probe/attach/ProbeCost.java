package io.vethtrace.daemon.probe.attach;

import io.vethtrace.daemon.trace.Hook;

/**
 * The cost of a probe point on this machine.
 *
 * @param timeNs run time of its programs on all CPUs, 0 until the kernel measures it
 * @param runs the number of their runs in that time
 * @param missed the number of runs that the kernel left out because the program ran already on that
 *     CPU: nothing counts what they would have seen; 0 before 5.12
 */
public record ProbeCost(Hook hook, long timeNs, long runs, long missed) {}
