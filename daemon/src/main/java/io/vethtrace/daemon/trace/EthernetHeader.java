package io.vethtrace.daemon.trace;

import io.vethtrace.daemon.packet.Frame;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The destination of a frame (IEEE 802.3).
 *
 * @param destination the hardware address, as {@code ip link} writes it
 * @param toMany the group bit: multicast or broadcast
 */
public record EthernetHeader(String destination, boolean toMany) {
  private static final int ADDRESS_BYTES = 6;
  private static final int HEADER_BYTES = 14; // ETH_HLEN, include/uapi/linux/if_ether.h
  private static final String BROADCAST = "ff:ff:ff:ff:ff:ff";

  /** Returns the header at the last hop that shows one: a router writes another. */
  public static Optional<EthernetHeader> of(Journey journey) {
    return journey.hops().reversed().stream().flatMap(hop -> of(hop.frame())).findFirst();
  }

  private static Stream<EthernetHeader> of(Frame frame) {
    if (frame.networkOffset() < HEADER_BYTES || !frame.holds(0, ADDRESS_BYTES)) {
      return Stream.empty();
    }
    boolean isGroup = (frame.u8(0) & 1) != 0;
    return Stream.of(new EthernetHeader(address(frame, 0), isGroup));
  }

  /** Returns the hardware address of the sender; empty if the skb has no Ethernet header. */
  public static Optional<String> sourceOf(Event event) {
    return event.frame().networkOffset() == HEADER_BYTES
        ? Optional.of(address(event.frame(), ADDRESS_BYTES))
        : Optional.empty();
  }

  private static String address(Frame frame, int at) {
    return HexFormat.ofDelimiter(":").formatHex(frame.copy(at, ADDRESS_BYTES));
  }

  /** Returns true if the frame is for all on the link. */
  public boolean isBroadcast() {
    return destination.equals(BROADCAST);
  }
}
