package io.vethtrace.daemon.kernel;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A kernel's names, made by hand for tests of other packages. */
public final class HandMade {
  private HandMade() {}

  /** Drop reasons with the numbers 0, 1, 2…; a name of "" leaves its number without one. */
  public static DropReasons reasons(String... names) {
    BtfBytes btf = new BtfBytes();
    long named = java.util.Arrays.stream(names).filter(name -> !name.isEmpty()).count();
    btf.type("skb_drop_reason", BtfBlob.KIND_ENUM, false, (int) named, 4);
    for (int i = 0; i < names.length; i++) {
      if (!names[i].isEmpty()) {
        btf.name("SKB_" + names[i]).word(i);
      }
    }
    return DropReasons.of(btf.btf());
  }

  /** Functions of 256 bytes each, the first at {@code start}. */
  public static Symbols symbols(long start, String... functions) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < functions.length; i++) {
      lines.append(Long.toHexString(start + i * 256L)).append(" T ").append(functions[i]).append('\n');
    }
    byte[] text = lines.toString().getBytes(StandardCharsets.US_ASCII);
    try {
      return new KallsymsReader(new ByteArrayInputStream(text)).read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
