/**
 * Live captures: {@link io.vethtrace.cli.capture.CaptureStream} calls the daemon, and {@link
 * io.vethtrace.cli.capture.CaptureOutput} keeps the pcapng that comes back.
 */
@NullMarked
package io.vethtrace.cli.capture;

import org.jspecify.annotations.NullMarked;
