package io.vethtrace.daemon.packet;

/**
 * A packet whose network header is not known here, or was cut off.
 *
 * @param protocol EtherType, host byte order; 0 where the kernel had set none yet
 */
public record UnknownPacket(int protocol) implements Packet {
  @Override
  public String summary() {
    return "ethertype 0x%04x".formatted(protocol);
  }
}
