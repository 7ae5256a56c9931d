package io.vethtrace.daemon.engine.feed;

import io.vethtrace.daemon.filter.Filter;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.probe.object.TraceFilter;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A client's packet filter, applied to the frames that the events of a journey recorded. */
public record JourneyFilter(Filter filter) {
  private static final int ADDRESSES_BYTES = 12;
  private static final int MAC_BYTES = 14; // ETH_HLEN, include/uapi/linux/if_ether.h
  private static final int VLAN = 0x8100;

  /** The result of reading an expression. */
  public sealed interface Reading {
    /** A filter; empty if there is none or the kernel has applied it already. */
    record Read(Optional<JourneyFilter> filter) implements Reading {}

    /** An expression that is no filter; the sentence is libpcap's. */
    record Refused(String sentence) implements Reading {}
  }

  /** Reads a client's expression; {@code kernelFilter} is what the probes let through. */
  public static Reading read(String expression, TraceFilter kernelFilter) {
    if (expression.isEmpty()
        || kernelFilter.filter().map(Filter::expression).filter(expression::equals).isPresent()) {
      return new Reading.Read(Optional.empty());
    }
    return switch (Filter.compile(expression)) {
      case Filter.Compilation.Compiled(Filter filter) ->
          new Reading.Read(Optional.of(new JourneyFilter(filter)));
      case Filter.Compilation.Refused(String sentence) -> new Reading.Refused(sentence);
    };
  }

  /** Returns true if any hop matches: NAT may change what the others show. */
  public boolean matches(Journey journey) {
    return journey.hops().stream().anyMatch(this::matches);
  }

  /** Returns true if the frame of this event matches. */
  boolean matches(Event event) {
    Frame frame = event.frame();
    if (frame.lengthBytes() == 0) {
      return false;
    }
    boolean hasMac = frame.networkOffset() >= MAC_BYTES;
    byte[] recorded = frame.copy(0, frame.lengthBytes());
    return filter.matches(hasMac ? recorded : withMacHeader(frame, recorded), lengthBytes(event));
  }

  /**
   * Puts a MAC header in front as the kernel side does (bpf/filter_frame.h): a tag without a MAC
   * header is at the start.
   */
  private static byte[] withMacHeader(Frame frame, byte[] recorded) {
    int type = frame.networkOffset() == 0 ? frame.protocol() : VLAN;
    return ByteBuffer.allocate(MAC_BYTES + recorded.length)
        .putShort(ADDRESSES_BYTES, (short) type)
        .put(MAC_BYTES, recorded)
        .array();
  }

  /** Returns the length of the frame: sk_buff.len includes the MAC header on transmit alone. */
  private static int lengthBytes(Event event) {
    if (event.hook().isTransmit()) {
      return event.lenBytes();
    }
    int bytes = event instanceof Event.RouteLookup ? event.frame().lengthBytes() : event.lenBytes();
    return bytes + Math.max(event.frame().networkOffset(), MAC_BYTES);
  }
}
