package io.vethtrace.daemon.kernel.drop;

import io.vethtrace.daemon.kernel.btf.BtfBlob;
import io.vethtrace.daemon.kernel.btf.BtfBytes;
import io.vethtrace.daemon.kernel.filtering.NftReader;
import io.vethtrace.daemon.kernel.filtering.NftRuleset;
import io.vethtrace.daemon.kernel.symbol.KallsymsReader;
import io.vethtrace.daemon.kernel.symbol.KernelSymbols;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A kernel's names, made by hand for tests of other packages. */
public final class HandMadeKernelNames {
  private HandMadeKernelNames() {}

  /** Drop reasons by the kernel's name without SKB_. */
  public static DropReasons reasons(Map<String, Integer> numbers) {
    BtfBytes btf = new BtfBytes();
    btf.type("skb_drop_reason", BtfBlob.KIND_ENUM, false, numbers.size(), 4);
    numbers.forEach((name, number) -> btf.name("SKB_" + name).word(number));
    return DropReasons.of(btf.btf());
  }

  /** A kernel whose routing returns reasons, and whose BTF has lost the names of all drops. */
  public static DropReasons unnamedReasonsOfRouting() {
    BtfBytes btf = new BtfBytes();
    int reasons = btf.type("skb_drop_reason", BtfBlob.KIND_ENUM, false, 4, 4);
    btf.name("SKB_NOT_DROPPED_YET").word(0);
    btf.name("SKB_CONSUMED").word(1);
    btf.name("_KB_DROP_REASON_NOT_SPECIFIED").word(2);
    btf.name("_KB_DROP_REASON_IP_LOCAL_SOURCE").word(87);
    int prototype = btf.type("", BtfBlob.KIND_FUNC_PROTO, false, 0, reasons);
    btf.type("ip_route_input_noref", BtfBlob.KIND_FUNC, false, 0, prototype);
    return DropReasons.of(btf.btf());
  }

  /** Parses nft's output for a ruleset, as JSON and as text. */
  public static NftRuleset ruleset(String json, String text) {
    return NftReader.parse(json, text);
  }

  /** Functions of 256 bytes each, the first at {@code start}. */
  public static KernelSymbols symbols(long start, String... functions) {
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
