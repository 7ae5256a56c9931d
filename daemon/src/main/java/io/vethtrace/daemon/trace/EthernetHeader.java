package io.vethtrace.daemon.trace;

import io.vethtrace.daemon.packet.Frame;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * To whom a frame was addressed (IEEE 802.3).
 *
 * @param destination as people write it
 * @param toMany the group bit: multicast or broadcast
 */
public record EthernetHeader(String destination, boolean toMany) {
  private static final int ADDRESS_BYTES = 6;
  private static final int HEADER_BYTES = 14;
  private static final String BROADCAST = "ff:ff:ff:ff:ff:ff";

  /** Of the last sight that shows one: a router writes another. */
  public static Optional<EthernetHeader> of(Journey journey) {
    return journey.hops().reversed().stream().flatMap(hop -> of(hop.frame())).findFirst();
  }

  private static Stream<EthernetHeader> of(Frame frame) {
    if (frame.networkOffset() < HEADER_BYTES || !frame.holds(0, ADDRESS_BYTES)) {
      return Stream.empty();
    }
    byte[] destination = frame.copy(0, ADDRESS_BYTES);
    return Stream.of(
        new EthernetHeader(
            HexFormat.ofDelimiter(":").formatHex(destination), (destination[0] & 1) != 0));
  }

  /** Whether it is for all on the link. */
  public boolean isBroadcast() {
    return destination.equals(BROADCAST);
  }
}
