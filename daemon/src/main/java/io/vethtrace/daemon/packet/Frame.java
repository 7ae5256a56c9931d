package io.vethtrace.daemon.packet;

import java.util.Arrays;

/**
 * The first bytes of a packet as a hook or a capture saw them. It keeps the array that it is given:
 * whoever makes a frame hands the bytes over.
 */
public final class Frame {
  private final int protocol;
  private final int networkOffset;
  private final byte[] bytes;

  /**
   * A frame of bytes that the caller gives away.
   *
   * @param protocol EtherType of the network header, host byte order
   * @param networkOffset where in {@code bytes} the network header starts: 0, or behind the MAC
   *     header
   * @param bytes as on the wire, from the MAC header where there is one
   */
  public Frame(int protocol, int networkOffset, byte[] bytes) {
    this.protocol = protocol;
    this.networkOffset = networkOffset;
    this.bytes = bytes;
  }

  /** EtherType of the network header, host byte order. */
  public int protocol() {
    return protocol;
  }

  /** Where the network header starts; may lie behind the last byte of a truncated frame. */
  public int networkOffset() {
    return networkOffset;
  }

  /** How many bytes were captured. */
  public int lengthBytes() {
    return bytes.length;
  }

  /** Whether {@code count} bytes from {@code index} on were captured. */
  public boolean holds(int index, int count) {
    return index >= 0 && count <= bytes.length - index;
  }

  /** The unsigned byte at {@code index}, counted from the first captured byte. */
  public int u8(int index) {
    return bytes[index] & 0xff;
  }

  /** The big-endian unsigned 16-bit value at {@code index}. */
  public int u16Be(int index) {
    return u8(index) << 8 | u8(index + 1);
  }

  /** The big-endian 32-bit value at {@code index}. */
  public int i32Be(int index) {
    return u16Be(index) << 16 | u16Be(index + 2);
  }

  /**
   * Whether NAT left the packet as it is in {@code other}: the addresses, the ports or an echo's
   * identifier are the same in both, and were captured.
   */
  public boolean hasSameEnds(Frame other) {
    return protocol == other.protocol
        && switch (protocol) {
          // Source, destination, and the eight bytes behind a header without options.
          case EtherType.IPV4 -> sameFromNetwork(other, 12, 16);
          case EtherType.IPV6 -> sameFromNetwork(other, 8, 36);
          default -> true;
        };
  }

  private boolean sameFromNetwork(Frame other, int index, int count) {
    int mine = networkOffset + index;
    int others = other.networkOffset + index;
    return holds(mine, count)
        && other.holds(others, count)
        && Arrays.equals(bytes, mine, mine + count, other.bytes, others, others + count);
  }

  /** Whether there is a MAC header, and it is addressed to many (IEEE 802: the group bit). */
  public boolean isToMany() {
    return networkOffset > 0 && bytes.length > 0 && (bytes[0] & 1) != 0;
  }

  /** A copy of {@code count} bytes from {@code index} on. */
  public byte[] copy(int index, int count) {
    return Arrays.copyOfRange(bytes, index, index + count);
  }
}
