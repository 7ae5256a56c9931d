package io.vethtrace.lab;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Faults of the lab on one kernel, under one daemon: what {@code lab/guest/faults.sh} printed.
 *
 * @param line a kernel line of {@code kernel.sh}, or {@link #RUNNING}
 */
record KernelRun(String line, Finished run, List<Json> lines, Duration took) {
  /** The kernel that runs the tests. */
  static final String RUNNING = "running";

  private static final Duration LIMIT = Duration.ofMinutes(15);

  /** Two at a time natively: the daemon and the traffic share two CPUs. */
  private static final String JOBS = "2";

  static KernelRun of(String line) {
    long beganNs = System.nanoTime();
    Finished run = Finished.of(LIMIT.plusMinutes(1), command(line));
    Duration took = Duration.ofNanos(System.nanoTime() - beganNs);
    return new KernelRun(line, run, Json.parseLines(run.stdout()), took);
  }

  private static List<String> command(String line) {
    List<String> faults =
        List.of(Installation.file("lab/guest/faults.sh"), Installation.home(), JOBS, "--all");
    if (line.equals(RUNNING)) {
      return faults;
    }
    String seconds = Long.toString(LIMIT.toSeconds());
    String runner = Installation.file("lab/guest/run.sh");
    return Stream.concat(Stream.of(runner, "-c", "1", "-t", seconds, line, "--"), faults.stream())
        .toList();
  }

  boolean isGuest() {
    return !line.equals(RUNNING);
  }

  List<Json> results() {
    return lines.stream().filter(object -> object.has("fault")).toList();
  }

  Json status() {
    return only("probes");
  }

  /** What fib_validate_source returns for this drop reason, by what the kernel's BTF says. */
  int returned(String reason, int errno) {
    Json numbers = only("drop_reasons").object("drop_reasons");
    // The two came as results together: net/ipv4/fib_frontend.c, 6.13.
    return numbers.has("IP_LOCAL_SOURCE") ? -Integer.parseInt(numbers.text(reason)) : -errno;
  }

  String mechanism(String probe) {
    return status().objects("probes").stream()
        .filter(row -> row.text("name").equals(probe))
        .map(row -> row.text("mechanism"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(probe + " is missing on " + line));
  }

  private Json only(String field) {
    return lines.stream()
        .filter(object -> object.has(field))
        .findFirst()
        .orElseThrow(
            () -> new AssertionError("no %s on %s: %s".formatted(field, line, run.stderr())));
  }

  /** One row: kernel, mechanisms, faults named right, time. */
  String row() {
    long right =
        results().stream().filter(result -> Boolean.TRUE.equals(result.get("passed"))).count();
    String mechanisms =
        Stream.of("veth_xmit", "loopback_xmit", "netif_rx", "fib_validate_source")
            .map(probe -> probe + " " + mechanism(probe))
            .collect(Collectors.joining(", "));
    return "%-24s %d of %d right in %d s; %s"
        .formatted(status().text("kernel"), right, results().size(), took.toSeconds(), mechanisms);
  }

  @Override
  public String toString() {
    return line.toLowerCase(Locale.ROOT);
  }
}
