package io.vethtrace.daemon.engine.feed;

import io.vethtrace.daemon.filter.Filter;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.probe.object.TraceFilter;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A client's filter, asked about the frames that a journey's sights recorded. */
public record JourneyFilter(Filter filter) {
  private static final int ADDRESSES_BYTES = 12;
  private static final int MAC_BYTES = 14; // ETH_HLEN, include/uapi/linux/if_ether.h
  private static final int VLAN = 0x8100;

  /** What came of an expression. */
  public sealed interface Reading {
    /** {@code filter}: empty where nothing is to be asked, or the kernel has asked it already. */
    record Read(Optional<JourneyFilter> filter) implements Reading {}

    /** {@code sentence}: libpcap's words. */
    record Refused(String sentence) implements Reading {}
  }

  /** Reads a client's expression; {@code kernels} is what the probes let through. */
  public static Reading read(String expression, TraceFilter kernels) {
    if (expression.isEmpty()
        || kernels.filter().map(Filter::expression).filter(expression::equals).isPresent()) {
      return new Reading.Read(Optional.empty());
    }
    return switch (Filter.compile(expression)) {
      case Filter.Compilation.Compiled(Filter filter) ->
          new Reading.Read(Optional.of(new JourneyFilter(filter)));
      case Filter.Compilation.Refused(String sentence) -> new Reading.Refused(sentence);
    };
  }

  /** Whether any sight matches: NAT may change what the others show. */
  public boolean matches(Journey journey) {
    return journey.hops().stream().anyMatch(this::matches);
  }

  /** Whether this sight does. */
  boolean matches(Event sight) {
    Frame frame = sight.frame();
    if (frame.lengthBytes() == 0) {
      return false;
    }
    boolean hasMac = frame.networkOffset() >= MAC_BYTES;
    byte[] recorded = frame.copy(0, frame.lengthBytes());
    return filter.matches(hasMac ? recorded : behindMadeUpMac(frame, recorded), lengthBytes(sight));
  }

  /**
   * As the kernel side makes it (bpf/filter_frame.h): a tag without a MAC header is at the start.
   */
  private static byte[] behindMadeUpMac(Frame frame, byte[] recorded) {
    int type = frame.networkOffset() == 0 ? frame.protocol() : VLAN;
    return ByteBuffer.allocate(MAC_BYTES + recorded.length)
        .putShort(ADDRESSES_BYTES, (short) type)
        .put(MAC_BYTES, recorded)
        .array();
  }

  /** Of the frame: sk_buff.len has the MAC header where a device takes it, and nowhere else. */
  private static int lengthBytes(Event sight) {
    if (sight.hook().isTransmit()) {
      return sight.lenBytes();
    }
    int bytes = sight instanceof Event.RouteLookup ? sight.frame().lengthBytes() : sight.lenBytes();
    return bytes + Math.max(sight.frame().networkOffset(), MAC_BYTES);
  }
}
