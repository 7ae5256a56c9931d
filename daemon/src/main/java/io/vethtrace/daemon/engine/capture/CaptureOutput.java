package io.vethtrace.daemon.engine.capture;

import io.vethtrace.daemon.capture.file.PcapngWriter;
import io.vethtrace.daemon.capture.live.Tap;
import io.vethtrace.daemon.kernel.host.WallClock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The way of joined frames to the client: they wait until they are old enough, get the findings
 * that hold for them, and leave in chunks. For one thread.
 */
final class CaptureOutput {
  /** A chunk is sent once it has so many bytes: each is copied a few times on its way. */
  private static final int CHUNK_BYTES = 1 << 18;

  private final CaptureClient client;
  private final List<Tap> taps;
  private final PcapngSection section;
  private final FrameQueue queue;
  private final FrameFindings findings;
  private final Queue<JoinedFrame> waiting = new ArrayDeque<>();
  private final PcapngWriter blocks = new PcapngWriter();
  private final Set<String> noted = new HashSet<>();
  private final Map<JoinedFrame.Kind, Long> sent = new EnumMap<>(JoinedFrame.Kind.class);

  CaptureOutput(
      CaptureClient client,
      List<Tap> taps,
      PcapngSection section,
      FrameQueue queue,
      FrameFindings findings) {
    this.client = client;
    this.taps = taps;
    this.section = section;
    this.queue = queue;
    this.findings = findings;
  }

  /** Sends the section header with the interfaces of all taps. */
  void begin() {
    taps.forEach(tap -> section.add(tap.described()));
    byte[] preamble = section.preamble();
    client.send(new CaptureChunk(Optional.of(preamble), preamble, List.of(), Optional.empty()));
  }

  void add(JoinedFrame frame) {
    waiting.add(frame);
  }

  int waiting() {
    return waiting.size();
  }

  /** Sends the frames that are old enough, as long as the client can take them. */
  void send(long beforeUnixNs, long lostEvents, int unjoined) {
    boolean isFull = true;
    while (isFull && client.isReady()) {
      isFull = sendChunk(beforeUnixNs, lostEvents, unjoined);
    }
  }

  /** Sends one chunk, if there is anything to send; returns true if it was full. */
  private boolean sendChunk(long beforeUnixNs, long lostEvents, int unjoined) {
    boolean isNewInterface = false;
    while (!waiting.isEmpty()
        && waiting.element().frame().unixNs() < beforeUnixNs
        && blocks.size() < CHUNK_BYTES) {
      isNewInterface |= addBlock(waiting.remove());
    }
    List<String> notes = newNotes();
    boolean isFull = blocks.size() >= CHUNK_BYTES;
    if (blocks.size() > 0 || !notes.isEmpty()) {
      client.send(
          new CaptureChunk(
              isNewInterface ? Optional.of(section.preamble()) : Optional.empty(),
              blocks.take(),
              notes,
              Optional.of(counts(lostEvents, unjoined))));
    }
    return isFull;
  }

  /** Adds a frame; returns true if its interface is new to the client. */
  private boolean addBlock(JoinedFrame joined) {
    boolean isNewInterface = !section.has(joined.frame().from());
    if (isNewInterface) {
      section.add(joined.frame().from(), blocks);
    }
    sent.merge(joined.kind(), 1L, Long::sum);
    queue.release(joined.frame());
    blocks.frame(
        section.id(joined.frame().from()), joined.frame(), joined.packetId(), comments(joined));
    return isNewInterface;
  }

  private List<String> comments(JoinedFrame joined) {
    if (findings.isEmpty()) { // as in nearly all of a flood
      return joined.comments();
    }
    return Stream.concat(
            joined.comments().stream(),
            findings.of(joined.conversations(), joined.frame().unixNs()))
        .toList();
  }

  private List<String> newNotes() {
    List<String> notes = new ArrayList<>(0);
    for (Tap tap : taps) {
      String ended = tap.ended();
      if (ended != null && noted.add(ended)) {
        notes.add(ended);
      }
    }
    return notes;
  }

  /** Sends the statistics of all taps and the last counts. */
  void end(long lostEvents, int unjoined) {
    long now = WallClock.nowUnixNs();
    for (Tap tap : taps) {
      blocks.statistics(
          section.id(tap.described()), now, tap.received() + tap.dropped(), tap.dropped());
    }
    client.send(
        new CaptureChunk(
            Optional.empty(),
            blocks.take(),
            newNotes(),
            Optional.of(counts(lostEvents, unjoined))));
  }

  private CaptureCounts counts(long lostEvents, int unjoined) {
    return new CaptureCounts(
        sent(JoinedFrame.Kind.MATCHED),
        sent(JoinedFrame.Kind.AMBIGUOUS),
        sent(JoinedFrame.Kind.UNMATCHED),
        sent(JoinedFrame.Kind.DROP),
        taps.stream().mapToLong(Tap::dropped).sum(),
        queue.lost(),
        lostEvents,
        unjoined + waiting.size());
  }

  private long sent(JoinedFrame.Kind kind) {
    return sent.getOrDefault(kind, 0L);
  }
}
