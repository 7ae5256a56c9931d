/**
 * Live captures: {@link io.vethtrace.cli.capture.CaptureStream} calls the daemon, and {@link
 * io.vethtrace.cli.capture.CaptureDestination} writes the pcapng that it sends.
 */
@NullMarked
package io.vethtrace.cli.capture;

import org.jspecify.annotations.NullMarked;
