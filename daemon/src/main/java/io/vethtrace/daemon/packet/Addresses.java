package io.vethtrace.daemon.packet;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** IP addresses from captured bytes; no name is ever looked up. */
final class Addresses {
  static final int V4_BYTES = 4;
  static final int V6_BYTES = 16;

  private Addresses() {}

  static InetAddress v4(Frame frame, int index) {
    return of(frame.copy(index, V4_BYTES));
  }

  static InetAddress v6(Frame frame, int index) {
    return of(frame.copy(index, V6_BYTES));
  }

  /** Returns the address as text, IPv6 in the short form of RFC 5952. */
  static String text(InetAddress address) {
    return InetAddresses.toAddrString(address);
  }

  private static InetAddress of(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("address bytes=" + bytes.length, e);
    }
  }
}
