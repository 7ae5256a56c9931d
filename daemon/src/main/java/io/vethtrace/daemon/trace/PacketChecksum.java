package io.vethtrace.daemon.trace;

import io.vethtrace.daemon.packet.Checksum;

/** A checksum of a packet, which one hook can see right and the next one wrong. */
public enum PacketChecksum {
  IP_HEADER,
  TRANSPORT;

  /** Whether it does not fit what this hop captured; false where that was not all. */
  public boolean isWrong(Event hop) {
    return compute(hop) == Checksum.WRONG;
  }

  /** Whether it fits, or is left to a device, whose receiver believes it unseen. */
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
