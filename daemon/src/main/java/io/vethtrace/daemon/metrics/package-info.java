/**
 * Metrics for Prometheus. Enters: the kernel's counts, the feed, the daemon's own figures. Leaves:
 * metrics as text over HTTP. Runs on a thread that looks after interfaces, one that reads the feed,
 * and one virtual thread a request.
 */
@NullMarked
package io.vethtrace.daemon.metrics;

import org.jspecify.annotations.NullMarked;
