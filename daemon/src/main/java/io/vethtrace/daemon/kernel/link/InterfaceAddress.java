package io.vethtrace.daemon.kernel.link;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * An address of a device, with what belongs to it (struct ifaddrmsg, include/uapi/linux/if_addr.h).
 *
 * @param ifindex the device that has it
 * @param address the local address
 * @param network an address of the subnet: {@code address}, or the other end of a point-to-point
 *     link (IFA_ADDRESS)
 * @param prefixLength how many leading bits the subnet's addresses share
 * @param scope enum rt_scope_t: 0 universe, 253 link, 254 host
 * @param tentative an IPv6 address that duplicate address detection has not let through, yet or at
 *     all: nobody is told that it is here (RFC 4862 5.4)
 */
public record InterfaceAddress(
    int ifindex,
    InetAddress address,
    InetAddress network,
    int prefixLength,
    int scope,
    boolean tentative) {
  /** RT_SCOPE_HOST, include/uapi/linux/rtnetlink.h. */
  public static final int SCOPE_HOST = 254;

  /**
   * Returns true if {@code other} is the broadcast address of this subnet, which must have more
   * than two addresses (RFC 919).
   */
  public boolean isBroadcast(InetAddress other) {
    byte[] its = other.getAddress();
    int bits = its.length * Byte.SIZE;
    if (bits != Integer.SIZE || prefixLength > bits - 2 || !reaches(other)) {
      return false;
    }
    long hosts = (1L << (bits - prefixLength)) - 1;
    return (ByteBuffer.wrap(its).getInt() & hosts) == hosts;
  }

  /**
   * Returns true if {@code other} is in this subnet (inet_ifa_match, include/linux/inetdevice.h).
   */
  public boolean reaches(InetAddress other) {
    byte[] mine = network.getAddress();
    byte[] its = other.getAddress();
    if (mine.length != its.length) {
      return false;
    }
    for (int bit = 0; bit < prefixLength; bit++) {
      int mask = 0x80 >> bit % 8;
      if (((mine[bit / 8] ^ its[bit / 8]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }
}
