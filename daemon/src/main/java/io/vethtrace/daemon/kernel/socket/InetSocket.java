package io.vethtrace.daemon.kernel.socket;

import com.google.common.net.InetAddresses;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * A socket that waits for others to write to it: a TCP socket that listens, or a UDP socket.
 *
 * @param protocol 6 or 17 (IANA's protocol numbers)
 * @param address to which it is bound; the unspecified one for all
 * @param receiveQueue of UDP the bytes of memory that unread datagrams hold; of TCP how many
 *     connections wait to be accepted
 * @param drops of UDP how many datagrams it had no room for; of TCP 0
 */
public record InetSocket(
    int protocol, InetAddress address, int port, long receiveQueue, long drops, long inode) {

  /** Returns true if the address of the socket accepts packets to {@code destination}. */
  public boolean accepts(InetAddress destination) {
    if (address.isAnyLocalAddress()) {
      // An IPv6 socket for all takes IPv4 as well, unless IPV6_V6ONLY is set, which is not told.
      return address instanceof Inet6Address || !(destination instanceof Inet6Address);
    }
    return address.equals(destination);
  }

  /** "127.0.0.1:80". */
  public String endpoint() {
    return InetAddresses.toUriString(address) + ":" + port;
  }
}
