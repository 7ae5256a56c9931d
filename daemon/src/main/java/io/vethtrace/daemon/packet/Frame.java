package io.vethtrace.daemon.packet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The first bytes of a packet as a hook or a capture saw them. It keeps the array that it is given:
 * whoever makes a frame hands the bytes over.
 *
 * <p>VLAN tags that stand in the bytes are looked through. The kernel has two ways to say where a
 * tagged frame's network header is: with skb-&gt;protocol of the tag, network_header is at the tag
 * where a frame was received but not untagged yet (net/core/dev.c, __netif_receive_skb_core), and
 * behind it where the tag was put in for a device without offload (include/linux/if_vlan.h,
 * vlan_insert_tag_set_proto). Tags beside the bytes, in skb-&gt;vlan_tci, are not seen here.
 */
public final class Frame {
  private static final int MAC_BYTES = 14; // ETH_HLEN, include/uapi/linux/if_ether.h
  private static final int TAG_BYTES = 4; // VLAN_HLEN, include/linux/if_vlan.h
  private static final int NO_TAG = -1;

  private static final VarHandle U16_BE = view(short[].class);
  private static final VarHandle I32_BE = view(int[].class);
  private static final VarHandle I64_BE = view(long[].class);

  private final int protocol;
  private final int networkOffset;
  private final byte[] bytes;

  /**
   * A frame of bytes that the caller gives away.
   *
   * @param protocol EtherType of the network header or of a VLAN tag before it, host byte order
   * @param networkOffset where in {@code bytes} the network header or a tag before it starts: 0, or
   *     behind the MAC header
   * @param bytes as on the wire, from the MAC header where there is one
   */
  public Frame(int protocol, int networkOffset, byte[] bytes) {
    this.bytes = bytes;
    int tag = EtherType.isVlan(protocol) ? firstTag(networkOffset) : NO_TAG;
    int behind = tag == NO_TAG ? NO_TAG : behindTags(tag);
    this.protocol = behind == NO_TAG ? protocol : u16Be(behind - 2);
    this.networkOffset = behind == NO_TAG ? networkOffset : behind;
  }

  /**
   * Returns the offset of the outermost tag. It is in the MAC header if there is one. Without a MAC
   * header it is at the network offset, and only a known EtherType in it tells it from a network
   * header.
   */
  private int firstTag(int offset) {
    if (offset >= MAC_BYTES && holds(0, MAC_BYTES) && EtherType.isVlan(u16Be(MAC_BYTES - 2))) {
      return holds(MAC_BYTES, TAG_BYTES) ? MAC_BYTES : NO_TAG;
    }
    return holds(offset, TAG_BYTES) && EtherType.isKnown(u16Be(offset + 2)) ? offset : NO_TAG;
  }

  private int behindTags(int tag) {
    int at = tag + TAG_BYTES;
    while (EtherType.isVlan(u16Be(at - 2)) && holds(at, TAG_BYTES)) {
      at += TAG_BYTES;
    }
    return at;
  }

  /** EtherType of the network header behind all tags, host byte order. */
  public int protocol() {
    return protocol;
  }

  /**
   * Returns the offset of the network header, behind all tags. It may lie behind the last byte of a
   * truncated frame.
   */
  public int networkOffset() {
    return networkOffset;
  }

  /** Returns the number of captured bytes. */
  public int lengthBytes() {
    return bytes.length;
  }

  /** Returns true if {@code count} bytes from {@code index} on were captured. */
  public boolean holds(int index, int count) {
    return index >= 0 && count <= bytes.length - index;
  }

  /** The unsigned byte at {@code index}, counted from the first captured byte. */
  public int u8(int index) {
    return bytes[index] & 0xff;
  }

  /** The big-endian unsigned 16-bit value at {@code index}. */
  public int u16Be(int index) {
    return (short) U16_BE.get(bytes, index) & 0xffff;
  }

  /** The big-endian 32-bit value at {@code index}. */
  public int i32Be(int index) {
    return (int) I32_BE.get(bytes, index);
  }

  /** The big-endian 64-bit value at {@code index}. */
  public long i64Be(int index) {
    return (long) I64_BE.get(bytes, index);
  }

  /**
   * Returns true if NAT did not change the packet between this frame and {@code other}: the
   * addresses, and the ports or the identifier of an echo, were captured and are equal.
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

  /** Returns true if all bytes from the network header on that both frames captured are equal. */
  public boolean hasSamePacket(Frame other) {
    int count = Math.min(bytes.length - networkOffset, other.bytes.length - other.networkOffset);
    return protocol == other.protocol && count > 0 && sameFromNetwork(other, 0, count);
  }

  /**
   * Returns true if there is a MAC header and it is addressed to many (IEEE 802: the group bit).
   */
  public boolean isToMany() {
    return networkOffset > 0 && bytes.length > 0 && (bytes[0] & 1) != 0;
  }

  /** A copy of {@code count} bytes from {@code index} on. */
  public byte[] copy(int index, int count) {
    return Arrays.copyOfRange(bytes, index, index + count);
  }

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.BIG_ENDIAN);
  }
}
