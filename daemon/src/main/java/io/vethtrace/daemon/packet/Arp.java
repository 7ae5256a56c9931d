package io.vethtrace.daemon.packet;

import java.net.InetAddress;

/**
 * ARP for IPv4 over Ethernet (RFC 826).
 *
 * @param operation 1 request, 2 reply
 * @param sender the sender's protocol address
 * @param target the target's protocol address
 */
public record Arp(int operation, InetAddress sender, InetAddress target) implements Packet {
  private static final int REQUEST = 1;
  private static final int REPLY = 2;
  private static final int LENGTH_BYTES = 28;
  private static final int OPERATION = 6;
  private static final int SENDER_IP = 14;
  private static final int TARGET_IP = 24;

  static Packet parse(Frame frame) {
    int at = frame.networkOffset();
    if (!frame.holds(at, LENGTH_BYTES)) {
      return new UnknownPacket(EtherType.ARP);
    }
    return new Arp(
        frame.u16Be(at + OPERATION),
        Addresses.v4(frame, at + SENDER_IP),
        Addresses.v4(frame, at + TARGET_IP));
  }

  public boolean isRequest() {
    return operation == REQUEST;
  }

  public boolean isReply() {
    return operation == REPLY;
  }

  /**
   * Returns true if nobody is expected to answer: a probe from 0.0.0.0 or an announcement of the
   * sender's own address (RFC 5227).
   */
  public boolean isAnnouncement() {
    return sender.equals(target) || sender.isAnyLocalAddress();
  }

  @Override
  public String summary() {
    return switch (operation) {
      case REQUEST ->
          "ARP who-has %s tell %s".formatted(Addresses.text(target), Addresses.text(sender));
      case REPLY ->
          "ARP reply from %s to %s".formatted(Addresses.text(sender), Addresses.text(target));
      default -> "ARP operation %d".formatted(operation);
    };
  }
}
