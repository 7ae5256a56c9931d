package io.vethtrace.daemon.kernel.netlink;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The attributes behind the struct of a netlink message (struct nlattr, linux/netlink.h). */
public final class NetlinkAttributes {
  private static final int HEADER_BYTES = 4;
  private static final int TYPE_MASK = 0x3fff; // NLA_TYPE_MASK

  private final Map<Integer, List<byte[]>> values = new HashMap<>();

  /** The attributes of {@code message} from {@code start} on. */
  public NetlinkAttributes(ByteBuffer message, int start) {
    int at = start;
    while (at + HEADER_BYTES <= message.limit()) {
      int length = message.getShort(at) & 0xffff;
      if (length < HEADER_BYTES || length > message.limit() - at) {
        return;
      }
      byte[] value = new byte[length - HEADER_BYTES];
      message.get(at + HEADER_BYTES, value);
      values
          .computeIfAbsent(message.getShort(at + 2) & TYPE_MASK, _ -> new ArrayList<>(1))
          .add(value);
      at += length + 3 & ~3; // NLA_ALIGN
    }
  }

  public Optional<byte[]> bytes(int type) {
    return values.getOrDefault(type, List.of()).stream().findFirst();
  }

  /** All attributes of a type that may stand there several times. */
  public List<byte[]> all(int type) {
    return List.copyOf(values.getOrDefault(type, List.of()));
  }

  /** An unsigned byte; empty where there is none. */
  public OptionalInt u8(int type) {
    return bytes(type)
        .filter(value -> value.length == 1)
        .map(value -> OptionalInt.of(value[0] & 0xff))
        .orElse(OptionalInt.empty());
  }

  /** An IPv4 or IPv6 address; empty where there is none. */
  public Optional<InetAddress> address(int type) {
    return bytes(type).flatMap(NetlinkAttributes::address);
  }

  private static Optional<InetAddress> address(byte[] value) {
    try {
      return Optional.of(InetAddress.getByAddress(value));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** A native 32-bit integer; empty where there is none of four bytes. */
  public OptionalInt i32(int type) {
    return bytes(type)
        .filter(value -> value.length == Integer.BYTES)
        .map(
            value -> OptionalInt.of(ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt()))
        .orElse(OptionalInt.empty());
  }

  /** The attributes in an attribute. */
  public Optional<NetlinkAttributes> nested(int type) {
    return bytes(type)
        .map(value ->
            new NetlinkAttributes(ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()), 0));
  }

  /** A string, which the kernel ends with a NUL. */
  public Optional<String> string(int type) {
    return bytes(type)
        .map(value -> value.length == 0 ? value : Arrays.copyOf(value, value.length - 1))
        .map(value -> new String(value, StandardCharsets.UTF_8));
  }
}
