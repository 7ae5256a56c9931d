package io.vethtrace.daemon.packet;

/**
 * Tells packets apart by bytes that stay the same from hop to hop, in the kernel's memory as in a
 * capture. Left out is what changes on the way: addresses, ports and checksums (NAT, and
 * CHECKSUM_PARTIAL fills them in later), time to live and traffic class (routers), and all lengths:
 * GRO lets the first segment's skb grow while it is under way (net/core/gro.c, skb_gro_receive),
 * and so does reassembly.
 *
 * <pre>
 * 63            32 31             0
 * +---------------+---------------+
 * |    payload    |    headers    |
 * +---------------+---------------+
 * </pre>
 *
 * <b>headers</b>, never 0, is a hash of
 *
 * <ul>
 *   <li>ARP (RFC 826): all 28 bytes, of which no hop changes any;
 *   <li>IPv4 (RFC 791): protocol, identification and fragment offset. GRO and reassembly keep those
 *       of the first. Not the flags: reassembly clears "more fragments". Linux often sends 0 for
 *       the identification, so alone it tells little;
 *   <li>IPv6 (RFC 8200): flow label and the transport's protocol. Of a fragment header the offset
 *       and, in later fragments, the identification: reassembly takes the first one's header away;
 *   <li>TCP (RFC 9293): sequence and acknowledgement number, of which GRO joins only equal
 *       acknowledgements, and keeps the first sequence number. Not the flags, which it adds up;
 *   <li>SCTP (RFC 9260): the verification tag;
 *   <li>an ICMP or ICMPv6 echo or reply (RFC 792, 4443): type, code, identifier and sequence;
 *   <li>an ICMP error: type, code, the word that follows, and of the quoted packet protocol,
 *       identification, fragment offset and what TCP and ICMP have as their second word. Not its
 *       addresses and ports: NAT changes them in a quote too;
 *   <li>other ICMP: type, code and the word that follows.
 * </ul>
 *
 * <b>payload</b> is a hash of the first bytes of what the transport carries: 8, fewer where there
 * are no more (by the length field, since padding comes and goes), 24 of an ICMPv6 message such as
 * a neighbour solicitation, which has the target there; 1 for TCP, whose header says enough. It is
 * 0 where those bytes were not captured: the kernel keeps payload outside of an skb's linear part
 * at one hook and has pulled or copied it in at another.
 */
public final class Fingerprint {
  /** The fingerprint of a frame that is too short, or of a protocol that is not known here. */
  public static final long UNKNOWN = Hash.NO_FINGERPRINT;

  private static final int ARP_BYTES = 28;
  private static final int V4_MIN_BYTES = 20;
  private static final int V6_BYTES = 40;
  private static final int V6_EXTENSION_BYTES = 8;
  private static final int MAX_V6_EXTENSIONS = 8;
  private static final int FRAGMENT = 44;
  private static final int TOTAL_NOT_SAID = 0; // RFC 2675; and BIG TCP, net/ipv4/ip_output.c

  private Fingerprint() {}

  /** The fingerprint of the headers at the frame's network header. */
  public static long of(Frame frame) {
    int at = frame.networkOffset();
    return switch (frame.protocol()) {
      case EtherType.ARP -> frame.holds(at, ARP_BYTES) ? arp(frame, at) : UNKNOWN;
      case EtherType.IPV4 -> frame.holds(at, V4_MIN_BYTES) ? v4(frame, at) : UNKNOWN;
      case EtherType.IPV6 -> frame.holds(at, V6_BYTES) ? v6(frame, at) : UNKNOWN;
      default -> UNKNOWN;
    };
  }

  /** Returns true if the payload was not captured, so that the fingerprint covers only headers. */
  public static boolean isPartial(long fingerprint) {
    return fingerprint >>> Integer.SIZE == 0;
  }

  /**
   * Returns true if both can belong to one packet: the headers agree, and the payload if both cover
   * it.
   */
  public static boolean agree(long one, long other) {
    if (one == UNKNOWN || other == UNKNOWN) {
      return false;
    }
    return one == other || (headers(one) == headers(other) && (isPartial(one) || isPartial(other)));
  }

  /** The lower half, which is the same whether or not the payload was captured. */
  public static int headers(long fingerprint) {
    return (int) fingerprint;
  }

  private static long arp(Frame frame, int at) {
    return Hash.join(Hash.bytes(Hash.BEGIN, frame, at, ARP_BYTES), Hash.NOTHING);
  }

  private static long v4(Frame frame, int at) {
    int headerBytes = (frame.u8(at) & 0xf) * 4;
    if (headerBytes < V4_MIN_BYTES) {
      return UNKNOWN;
    }
    int total = frame.u16Be(at + 2);
    int protocol = frame.u8(at + 9);
    int fragmentOffset = frame.u16Be(at + 6) & 0x1fff;
    long id = (long) frame.u16Be(at + 4) << Integer.SIZE;
    long hash = Hash.mix(Hash.BEGIN, id | ((long) fragmentOffset << Byte.SIZE) | protocol);
    return fragmentOffset == 0
        ? TransportFingerprint.of(frame, at + headerBytes, end(at, total), protocol, hash)
        : Hash.join(hash, Hash.NOTHING);
  }

  private static long v6(Frame frame, int at) {
    int payloadBytes = frame.u16Be(at + 4);
    int end = end(at, payloadBytes == 0 ? TOTAL_NOT_SAID : V6_BYTES + payloadBytes);
    long hash = Hash.mix(Hash.BEGIN, frame.i32Be(at) & 0xfffff);
    int next = frame.u8(at + 6);
    int header = at + V6_BYTES;
    for (int i = 0; i < MAX_V6_EXTENSIONS && isV6Extension(next); i++) {
      if (!frame.holds(header, V6_EXTENSION_BYTES)) {
        return UNKNOWN;
      }
      int lengthBytes = V6_EXTENSION_BYTES;
      if (next != FRAGMENT) {
        lengthBytes += frame.u8(header + 1) * V6_EXTENSION_BYTES;
      } else if (frame.u16Be(header + 2) >>> 3 != 0) {
        hash = Hash.mix(Hash.mix(hash, frame.i32Be(header + 4)), frame.i32Be(header) & ~7);
        return Hash.join(hash, Hash.NOTHING);
      }
      next = frame.u8(header);
      header += lengthBytes;
    }
    return TransportFingerprint.of(frame, header, end, next, Hash.mix(hash, next));
  }

  private static int end(int at, int totalBytes) {
    return totalBytes == TOTAL_NOT_SAID ? Integer.MAX_VALUE : at + totalBytes;
  }

  /** Hop-by-hop, routing, fragment and destination options (RFC 8200 4). */
  private static boolean isV6Extension(int next) {
    return next == 0 || next == 43 || next == FRAGMENT || next == 60;
  }
}
