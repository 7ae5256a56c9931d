package io.vethtrace.daemon.probe.attach;

import io.vethtrace.daemon.trace.Hook;

/**
 * What a probe point costs this machine.
 *
 * @param timeNs time that its programs ran on all CPUs, 0 until the kernel measures it
 * @param runs how often they ran in that time
 * @param missed how often one was to run while it ran already on that CPU, and did not: what it
 *     would have seen is counted nowhere; 0 before 5.12
 */
public record ProbeCost(Hook hook, long timeNs, long runs, long missed) {}
