/**
 * Capture files: pcap and pcapng, read and written. Enters: hostile bytes. Leaves: frames, and
 * values that describe damage.
 */
@NullMarked
package io.vethtrace.daemon.capture.file;

import org.jspecify.annotations.NullMarked;
