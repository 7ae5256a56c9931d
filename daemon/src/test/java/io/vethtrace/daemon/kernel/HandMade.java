package io.vethtrace.daemon.kernel;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A kernel's names, made by hand for tests of other packages. */
public final class HandMade {
  private HandMade() {}

  /** Drop reasons by the kernel's name without SKB_. */
  public static DropReasons reasons(Map<String, Integer> numbers) {
    BtfBytes btf = new BtfBytes();
    btf.type("skb_drop_reason", BtfBlob.KIND_ENUM, false, numbers.size(), 4);
    numbers.forEach((name, number) -> btf.name("SKB_" + name).word(number));
    return DropReasons.of(btf.btf());
  }

  /** What nft says of a ruleset, as JSON and as text. */
  public static NftRuleset ruleset(String json, String text) {
    return NftReader.parse(json, text);
  }

  /** Functions of 256 bytes each, the first at {@code start}. */
  public static Symbols symbols(long start, String... functions) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < functions.length; i++) {
      lines
          .append(Long.toHexString(start + i * 256L))
          .append(" T ")
          .append(functions[i])
          .append('\n');
    }
    byte[] text = lines.toString().getBytes(StandardCharsets.US_ASCII);
    try {
      return new KallsymsReader(new ByteArrayInputStream(text)).read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
