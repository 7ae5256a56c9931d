package io.vethtrace.select;

import io.vethtrace.v1.Flow;
import java.net.InetAddress;

/** A block of addresses with a common prefix. It never looks up a name. */
record AddressBlock(byte[] address, int bits) {
  private static final String LITERAL =
      "[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+|[0-9a-fA-F.]*:[0-9a-fA-F:.]*";

  /** Reads "10.0.0.0/8" or "fd00::1". */
  static AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    byte[] address = address(slash < 0 ? text : text.substring(0, slash), text);
    int maxBits = address.length * Byte.SIZE;
    return new AddressBlock(
        address, slash < 0 ? maxBits : bits(text.substring(slash + 1), maxBits, text));
  }

  private static byte[] address(String literal, String text) {
    if (literal.matches(LITERAL)) {
      try {
        return InetAddress.ofLiteral(literal).getAddress();
      } catch (IllegalArgumentException e) {
        throw malformed(text);
      }
    }
    throw malformed(text);
  }

  private static int bits(String number, int maxBits, String text) {
    if (number.matches("\\d{1,3}") && Integer.parseInt(number) <= maxBits) {
      return Integer.parseInt(number);
    }
    throw malformed(text);
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "'%s' is neither an address nor a prefix: write 10.0.0.1, 10.0.0.0/8 or fd00::/64"
            .formatted(text));
  }

  /** Returns true if the source or the destination of the flow is in this block. */
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
