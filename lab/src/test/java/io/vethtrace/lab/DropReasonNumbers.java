package io.vethtrace.lab;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A kernel's drop reasons by name without prefix, as bpftool reads them in its BTF. */
record DropReasonNumbers(Map<String, Integer> numbers) {
  private static final Pattern ENUMERATOR =
      Pattern.compile("^\\s+'SKB_DROP_REASON_(\\w+)' val=(\\d+)$", Pattern.MULTILINE);

  static DropReasonNumbers of(Path btf) {
    Finished dump = Finished.of("bpftool", "btf", "dump", "file", btf.toString());
    return new DropReasonNumbers(
        ENUMERATOR
            .matcher(dump.stdout())
            .results()
            .collect(Collectors.toMap(m -> m.group(1), DropReasonNumbers::value, (one, _) -> one)));
  }

  private static int value(MatchResult enumerator) {
    return Integer.parseUnsignedInt(enumerator.group(2));
  }

  Optional<Integer> number(String name) {
    return Optional.ofNullable(numbers.get(name));
  }
}
