/**
 * The stages between the probes and the transport, which know no gRPC. This package has the values
 * and roles that its parts share: {@code feed} hands items to readers and keeps the past, {@code
 * judge} makes findings, {@code drop} keeps drop counts over time, {@code capture} joins frames
 * with journeys. {@link io.vethtrace.daemon.engine.EngineTimings} has every time by which they
 * decide.
 */
@NullMarked
package io.vethtrace.daemon.engine;

import org.jspecify.annotations.NullMarked;
