/**
 * The stages between the probes and the transport: what a running daemon offers to its services,
 * and the counts of each stage. Knows no gRPC.
 */
@NullMarked
package io.vethtrace.daemon.engine;

import org.jspecify.annotations.NullMarked;
