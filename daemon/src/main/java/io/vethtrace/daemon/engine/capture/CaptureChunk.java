package io.vethtrace.daemon.engine.capture;

import java.util.List;
import java.util.Optional;

/**
 * A part of a capture on its way to the client.
 *
 * @param preamble the section header and all interface descriptions so far; empty if none is new
 * @param blocks whole pcapng blocks to append
 * @param notes sentences on taps that ended
 * @param counts the counts up to this chunk; empty in the first one
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record CaptureChunk(
    Optional<byte[]> preamble, byte[] blocks, List<String> notes, Optional<CaptureCounts> counts) {
  public CaptureChunk {
    notes = List.copyOf(notes);
  }
}
