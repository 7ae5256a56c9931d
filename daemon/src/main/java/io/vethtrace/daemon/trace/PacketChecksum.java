package io.vethtrace.daemon.trace;

import io.vethtrace.daemon.packet.Checksum;

/** A checksum of a packet, which one hook can see right and the next one wrong. */
public enum PacketChecksum {
  IP_HEADER,
  TRANSPORT;

  /** Returns true if the checksum is wrong at this hop; false if not all bytes were captured. */
  public boolean isWrong(Event hop) {
    return compute(hop) == Checksum.WRONG;
  }

  /**
   * Returns true if the checksum is right, or is left to a device: the receiver then believes it
   * without a test.
   */
  public boolean isUnharmed(Event hop) {
    Checksum checksum = compute(hop);
    return checksum == Checksum.RIGHT || checksum == Checksum.PARTIAL;
  }

  private Checksum compute(Event hop) {
    return switch (this) {
      case IP_HEADER -> Checksum.ofHeader(hop.frame());
      case TRANSPORT -> Checksum.ofTransport(hop.frame());
    };
  }
}
