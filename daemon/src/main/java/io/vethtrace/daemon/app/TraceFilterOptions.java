package io.vethtrace.daemon.app;

import io.vethtrace.daemon.filter.Filter;
import io.vethtrace.daemon.probe.object.TraceFilter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say which packets the probes tell of. */
final class TraceFilterOptions {
  @Option(
      names = "--filter",
      paramLabel = "FILTER",
      description = "Only packets that match this, in tcpdump's language; asked in the kernel.")
  private String expression = "";

  @Option(
      names = "--netns",
      paramLabel = "INODE",
      description = "Only what is seen in this network namespace. May be repeated.")
  private List<Long> netns = List.of();

  @Option(
      names = "--interface",
      paramLabel = "NAME",
      description = "Only what is seen on a device of this name. May be repeated.")
  private List<String> interfaces = List.of();

  /**
   * Returns the trace filter that the options describe.
   *
   * @throws UsageException where that is nothing that can be asked for
   */
  TraceFilter selection() {
    try {
      return new TraceFilter(filter(), netns.stream().map(Long::intValue).toList(), interfaces);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private Optional<Filter> filter() {
    if (expression.isBlank()) {
      return Optional.empty();
    }
    return switch (Filter.compile(expression)) {
      case Filter.Compilation.Compiled(Filter filter) -> Optional.of(filter);
      case Filter.Compilation.Refused(String sentence) -> throw new UsageException(sentence);
    };
  }
}
