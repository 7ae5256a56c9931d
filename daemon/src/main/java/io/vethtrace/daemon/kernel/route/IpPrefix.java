package io.vethtrace.daemon.kernel.route;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;

/**
 * A set of addresses that begin alike.
 *
 * @param bits how many bits they have in common; 0 for all addresses of the family
 */
public record IpPrefix(InetAddress address, int bits) {
  public IpPrefix {
    if (bits < 0 || bits > address.getAddress().length * Byte.SIZE) {
      throw new IllegalArgumentException("address=" + address + " bits=" + bits);
    }
  }

  /** The one address. */
  public static IpPrefix of(InetAddress address) {
    return new IpPrefix(address, address.getAddress().length * Byte.SIZE);
  }

  public boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] theirs = other.getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> bit % Byte.SIZE;
      if (((mine[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  /** "10.0.2.0/24", as ip-route(8) takes it. */
  @Override
  public String toString() {
    return InetAddresses.toAddrString(address) + "/" + bits;
  }
}
