package io.vethtrace.lab.fault;

import io.vethtrace.lab.harness.ProcessResult;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The numbers of a kernel's drop reasons by name without prefix. bpftool reads them from BTF. */
record DropReasonNumbers(Map<String, Integer> numbers) {
  private static final Pattern ENUMERATOR =
      Pattern.compile("^\\s+'SKB_DROP_REASON_(\\w+)' val=(\\d+)$", Pattern.MULTILINE);

  static DropReasonNumbers of(Path btf) {
    ProcessResult dump = ProcessResult.of("bpftool", "btf", "dump", "file", btf.toString());
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
