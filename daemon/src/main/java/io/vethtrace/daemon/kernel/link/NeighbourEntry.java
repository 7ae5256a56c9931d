package io.vethtrace.daemon.kernel.link;

import io.vethtrace.daemon.kernel.netlink.NetlinkAttributes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/**
 * An entry of the neighbour table, made by ARP, by neighbour discovery or by hand (struct ndmsg,
 * include/uapi/linux/neighbour.h).
 *
 * @param ifindex the device behind which the neighbour is
 * @param address the neighbour's address
 * @param mac its hardware address as people write it
 * @param permanent NUD_PERMANENT: made by hand, and never asked for again
 */
public record NeighbourEntry(int ifindex, InetAddress address, String mac, boolean permanent) {
  static final int NDMSG_BYTES = 12;

  private static final int NDA_DST = 1;
  private static final int NDA_LLADDR = 2;
  private static final int NUD_PERMANENT = 0x80;

  /** Empty where it has no hardware address, or is of another family than IP. */
  static Optional<NeighbourEntry> of(ByteBuffer message) {
    // ndmsg: family u8, pad u8, pad u16, ifindex s32 at 4, state u16 at 8, flags u8, type u8
    NetlinkAttributes attributes = new NetlinkAttributes(message, NDMSG_BYTES);
    return attributes
        .bytes(NDA_LLADDR)
        .flatMap(mac -> attributes.bytes(NDA_DST).flatMap(dst -> of(message, dst, mac)));
  }

  private static Optional<NeighbourEntry> of(ByteBuffer message, byte[] dst, byte[] mac) {
    try {
      return Optional.of(
          new NeighbourEntry(
              message.getInt(4),
              InetAddress.getByAddress(dst),
              HexFormat.ofDelimiter(":").formatHex(mac),
              (message.getShort(8) & NUD_PERMANENT) != 0));
    } catch (UnknownHostException e) {
      return Optional.empty(); // a bridge's forwarding entry, for example
    }
  }
}
