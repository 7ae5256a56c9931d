/**
 * Captures: frames as taps and files have them, and their join with the kernel's events. Enters:
 * bytes of pcap and pcapng files, frames of live taps, journeys. Leaves: frames with what became of
 * them, and pcapng. Each live tap has a thread of its own; all else runs on the caller's.
 */
@NullMarked
package io.vethtrace.daemon.capture;

import org.jspecify.annotations.NullMarked;
