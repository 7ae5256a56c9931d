package io.vethtrace.select;

import io.vethtrace.v1.Flow;
import java.net.InetAddress;

/** Addresses that begin alike; no name is ever looked up. */
record AddressBlock(byte[] address, int bits) {
  private static final String LITERAL =
      "[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+|[0-9a-fA-F.]*:[0-9a-fA-F:.]*";

  /** Of "10.0.0.0/8" or "fd00::1". */
  static AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    byte[] address = address(slash < 0 ? text : text.substring(0, slash), text);
    int most = address.length * Byte.SIZE;
    return new AddressBlock(
        address, slash < 0 ? most : bits(text.substring(slash + 1), most, text));
  }

  private static byte[] address(String literal, String text) {
    if (literal.matches(LITERAL)) {
      try {
        return InetAddress.ofLiteral(literal).getAddress();
      } catch (IllegalArgumentException e) {
        throw refusal(text);
      }
    }
    throw refusal(text);
  }

  private static int bits(String number, int most, String text) {
    if (number.matches("\\d{1,3}") && Integer.parseInt(number) <= most) {
      return Integer.parseInt(number);
    }
    throw refusal(text);
  }

  private static IllegalArgumentException refusal(String text) {
    return new IllegalArgumentException(
        "'%s' is neither an address nor a prefix: write 10.0.0.1, 10.0.0.0/8 or fd00::/64"
            .formatted(text));
  }

  /** Whether its source or its destination is one of them. */
  boolean touches(Flow flow) {
    return contains(flow.getSource()) || contains(flow.getDestination());
  }

  private boolean contains(String literal) {
    return !literal.isEmpty() && contains(InetAddress.ofLiteral(literal).getAddress());
  }

  private boolean contains(byte[] other) {
    if (other.length != address.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> bit % Byte.SIZE;
      if (((address[bit / Byte.SIZE] ^ other[bit / Byte.SIZE]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }
}
