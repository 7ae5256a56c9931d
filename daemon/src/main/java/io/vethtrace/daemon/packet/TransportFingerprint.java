package io.vethtrace.daemon.packet;

/** The part of a {@link Fingerprint} that comes from the transport header and the payload. */
final class TransportFingerprint {
  private static final int ICMP = 1;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMP6 = 58;
  private static final int SCTP = 132;
  private static final int UDP_LITE = 136;

  /** Enough to hold what tells one datagram from the next: a serial number, a time. */
  private static final int PAYLOAD_BYTES = 8;

  /** A neighbour solicitation has its target in the first 16 (RFC 4861 4.3). */
  private static final int ICMP_PAYLOAD_BYTES = 24;

  private TransportFingerprint() {}

  /**
   * The fingerprint of a packet whose transport header is at {@code at}.
   *
   * @param end where the packet ends by its length field
   * @param hash of the network header
   */
  static long of(Frame frame, int at, int end, int protocol, long hash) {
    return switch (protocol) {
      case TCP -> frame.holds(at, 12) ? tcp(frame, at, hash) : Hash.NO_FINGERPRINT;
      case UDP, UDP_LITE -> Hash.join(hash, payload(frame, at + 8, end, PAYLOAD_BYTES));
      case SCTP -> frame.holds(at, 8) ? sctp(frame, at, end, hash) : Hash.NO_FINGERPRINT;
      case ICMP, ICMP6 ->
          frame.holds(at, 8) ? icmp(frame, at, end, protocol, hash) : Hash.NO_FINGERPRINT;
      default -> Hash.join(hash, payload(frame, at, end, PAYLOAD_BYTES));
    };
  }

  private static long tcp(Frame frame, int at, long hash) {
    return Hash.join(Hash.mix(hash, frame.i64Be(at + 4)), Hash.NOTHING);
  }

  /** Hashes the common header and the first chunk, with its length and serial number. */
  private static long sctp(Frame frame, int at, int end, long hash) {
    return Hash.join(
        Hash.mix(hash, frame.i32Be(at + 4)), payload(frame, at + 12, end, PAYLOAD_BYTES));
  }

  private static long icmp(Frame frame, int at, int end, int protocol, long hash) {
    int type = frame.u8(at);
    boolean v6 = protocol == ICMP6;
    long typeAndCode = (long) frame.u16Be(at) << Integer.SIZE;
    long headers = Hash.mix(hash, typeAndCode | Integer.toUnsignedLong(frame.i32Be(at + 4)));
    if (Icmp.isError(v6, type)) {
      return Hash.join(headers, quote(frame, at + 8));
    }
    int payloadBytes = Icmp.isEchoOrReply(v6, type) ? PAYLOAD_BYTES : ICMP_PAYLOAD_BYTES;
    return Hash.join(headers, payload(frame, at + 8, end, payloadBytes));
  }

  private static int payload(Frame frame, int at, int end, int maxBytes) {
    int count = Math.min(maxBytes, end - at);
    if (count <= 0) {
      return Hash.NOTHING;
    }
    return frame.holds(at, count)
        ? Hash.ofPayload(Hash.bytes(Hash.BEGIN, frame, at, count))
        : Hash.NOT_CAPTURED;
  }

  /** RFC 792 and 4443 let an error quote at least 8 bytes behind the network header. */
  private static int quote(Frame frame, int at) {
    if (!frame.holds(at, 1)) {
      return Hash.NOT_CAPTURED;
    }
    boolean v6 = frame.u8(at) >> 4 == 6;
    int headerBytes = v6 ? 40 : (frame.u8(at) & 0xf) * 4;
    if (headerBytes < 20 || !frame.holds(at, headerBytes + 8)) {
      return Hash.NOT_CAPTURED;
    }
    int protocol = frame.u8(at + (v6 ? 6 : 9));
    int identity =
        v6
            ? frame.i32Be(at) & 0xfffff
            : (frame.u16Be(at + 4) << 16) | (frame.u16Be(at + 6) & 0x1fff);
    long hash = Hash.mix(Hash.mix(Hash.BEGIN, identity), protocol);
    boolean numbered = protocol == TCP || protocol == ICMP || protocol == ICMP6;
    return Hash.ofPayload(numbered ? Hash.mix(hash, frame.i32Be(at + headerBytes + 4)) : hash);
  }
}
