package io.vethtrace.daemon.packet;

/**
 * Tells two packets in the same memory apart. It is made of header bytes that no hop changes: not
 * of addresses and ports (NAT), time to live or checksums.
 */
public final class Fingerprint {
  /** Of a frame too short to tell. */
  public static final long UNKNOWN = 0;

  private static final int ICMP = 1;

  private Fingerprint() {}

  /** The fingerprint of the headers at the frame's network header. */
  public static long of(Frame frame) {
    int at = frame.networkOffset();
    return switch (frame.protocol()) {
      case EtherType.ARP -> frame.holds(at, 28) ? arp(frame, at) : UNKNOWN;
      case EtherType.IPV4 -> frame.holds(at, 28) ? v4(frame, at) : UNKNOWN;
      case EtherType.IPV6 -> frame.holds(at, 48) ? v6(frame, at) : UNKNOWN;
      default -> UNKNOWN;
    };
  }

  private static long arp(Frame frame, int at) {
    long hash = 1;
    for (int i = 0; i < 28; i += 4) {
      hash = mix(hash, frame.i32Be(at + i));
    }
    return hash;
  }

  private static long v4(Frame frame, int at) {
    int protocol = frame.u8(at + 9);
    // Total length and identification stay along the way (RFC 791); fragments differ in both.
    long hash = mix(mix(1, frame.i32Be(at + 2)), protocol);
    return protocol == ICMP ? mix(hash, echoIdentity(frame, at)) : hash;
  }

  private static int echoIdentity(Frame frame, int at) {
    int transport = at + (frame.u8(at) & 0xf) * 4;
    return frame.holds(transport, 8) ? frame.i32Be(transport + 4) : 0;
  }

  private static long v6(Frame frame, int at) {
    // Flow label, payload length and next header; then the first bytes behind the ports.
    long hash = mix(mix(1, frame.i32Be(at) & 0xfffff), frame.i32Be(at + 4) >>> 8);
    return mix(hash, frame.i32Be(at + 44));
  }

  private static long mix(long hash, int value) {
    long h = (hash ^ value) * 0x9E3779B97F4A7C15L;
    return (h ^ (h >>> 29)) | 1;
  }
}
