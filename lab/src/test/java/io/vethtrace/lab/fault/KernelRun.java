package io.vethtrace.lab.fault;

import io.vethtrace.lab.capture.TsharkCaptures;
import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.JsonLine;
import io.vethtrace.lab.harness.ProcessResult;
import io.vethtrace.lab.metrics.RefusedSourceMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The results of the lab's faults on one kernel with one daemon, from {@code lab/guest/faults.sh}.
 *
 * @param line a kernel line of {@code kernel.sh}, or {@link #RUNNING}
 * @param run the process that ran the faults
 * @param lines its output
 * @param reasons the drop reasons of the kernel's BTF
 * @param hiddenNames the results of some faults with the kernel's names hidden; empty unless this
 *     line tests that
 * @param metrics the daemon's metrics at two times; empty unless this line tests that
 * @param captures a folder with the captures of {@code faults.sh -p}; empty unless this line tests
 *     that
 * @param filtered the output of {@code lab/guest/filter.sh}; empty for a guest
 * @param took the time of all of this
 */
record KernelRun(
    String line,
    ProcessResult run,
    List<JsonLine> lines,
    DropReasonNumbers reasons,
    List<JsonLine> hiddenNames,
    List<String> metrics,
    Optional<Path> captures,
    List<JsonLine> filtered,
    Duration took) {
  /** The kernel that runs the tests. */
  static final String RUNNING = "running";

  private static final Duration LIMIT = Duration.ofMinutes(15);

  /**
   * The number of faults at a time on the running kernel, where the daemon and the traffic share
   * two CPUs. A guest runs more, because it waits most of its time.
   */
  private static final String JOBS = "2";

  private static final String GUEST_JOBS = "3";

  private static final Pattern LEFT_OUT =
      Pattern.compile("^vethtrace: (\\S+) is left out, (.*)$", Pattern.MULTILINE);

  static KernelRun of(String line) {
    KernelRun run = line.equals(RUNNING) ? here() : inGuest(line);
    System.out.println(run.summary());
    return run;
  }

  private static KernelRun here() {
    long beganNs = System.nanoTime();
    ProcessResult run = ProcessResult.of(LIMIT, faults(JOBS, List.of("--all")));
    DropReasonNumbers reasons = DropReasonNumbers.of(Path.of("/sys/kernel/btf/vmlinux"));
    List<JsonLine> filtered =
        JsonLine.parseLines(ProcessResult.of(LIMIT, FilteredTraffic.command()).stdout());
    return new KernelRun(
        RUNNING,
        run,
        JsonLine.parseLines(run.stdout()),
        reasons,
        List.of(),
        List.of(),
        Optional.empty(),
        filtered,
        since(beganNs));
  }

  private static KernelRun inGuest(String line) {
    long beganNs = System.nanoTime();
    try {
      Path share = Files.createTempDirectory("vethtrace-guest");
      boolean isCapturing = line.equals(TsharkCaptures.LINE);
      if (isCapturing) {
        TsharkCaptures.sender(share);
      }
      ProcessResult run = ProcessResult.of(LIMIT.plusMinutes(1), guest(line, share));
      DropReasonNumbers reasons = DropReasonNumbers.of(share.resolve("btf"));
      List<JsonLine> hiddenNames = JsonLine.parseLines(written(share, "hidden-names"));
      List<String> metrics =
          RefusedSourceMetrics.FILES.stream()
              .map(name -> written(share, name))
              .filter(text -> !text.isEmpty())
              .toList();
      Optional<Path> captures = isCapturing ? Optional.of(share) : Optional.empty();
      if (!isCapturing) {
        ProcessResult.of("rm", "-rf", share.toString());
      }
      List<JsonLine> lines = JsonLine.parseLines(run.stdout());
      return new KernelRun(
          line, run, lines, reasons, hiddenNames, metrics, captures, List.of(), since(beganNs));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Duration since(long beganNs) {
    return Duration.ofNanos(System.nanoTime() - beganNs);
  }

  /** Returns the text of a file that the guest wrote; empty if it wrote none. */
  private static String written(Path share, String name) {
    try {
      Path file = share.resolve(name);
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> faults(String jobs, List<String> faults) {
    return Stream.concat(
            Stream.of(Installation.file("lab/guest/faults.sh"), Installation.home(), jobs),
            faults.stream())
        .toList();
  }

  private static List<String> guest(String line, Path share) {
    String faults = "'%s' -e ".formatted(Installation.file("lab/guest/faults.sh"));
    String daemon = " '%s' %s ".formatted(Installation.home(), GUEST_JOBS);
    String script =
        "cp /sys/kernel/btf/vmlinux /run/share/btf; %s; code=$?; %s; exit $code"
            .formatted(
                faults + extraOptions(line) + daemon + String.join(" ", GuestFaults.of(line)),
                line.equals(HiddenKernelNames.LINE) ? hiddenNamesCommand(faults + daemon) : ":");
    return List.of(
        Installation.file("lab/guest/run.sh"),
        "-c",
        "1",
        "-t",
        Long.toString(LIMIT.toSeconds()),
        "-s",
        share.toString(),
        line,
        "--",
        "sh",
        "-c",
        script);
  }

  /** Returns the options of {@code faults.sh} for the extra test of this kernel line. */
  private static String extraOptions(String line) {
    return switch (line) {
      case RefusedSourceMetrics.LINE -> "-m /run/share";
      case TsharkCaptures.LINE -> "-p /run/share";
      case FilteredTraffic.LINE -> "-f '%s'".formatted(FilteredTraffic.ofGuest());
      default -> "";
    };
  }

  private static String hiddenNamesCommand(String faults) {
    return "'%s' btf kptr_restrict -- %s %s >/run/share/hidden-names"
        .formatted(
            Installation.file("lab/guest/hidden-names.sh"),
            faults,
            String.join(" ", HiddenKernelNames.GUEST_FAULTS));
  }

  /** Removes the captures. */
  void removeCaptures() {
    captures.ifPresent(folder -> ProcessResult.of("rm", "-rf", folder.toString()));
  }

  boolean isGuest() {
    return !line.equals(RUNNING);
  }

  List<JsonLine> results() {
    return lines.stream().filter(object -> object.has("fault")).toList();
  }

  /** Returns the faults that this kernel cannot make, each with the reason. */
  Map<String, String> leftOut() {
    return LEFT_OUT
        .matcher(run.stderr())
        .results()
        .collect(Collectors.toMap(match -> match.group(1), match -> match.group(2)));
  }

  JsonLine status() {
    return lines.stream()
        .filter(object -> object.has("probes"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no status on %s: %s".formatted(line, run.stderr())));
  }

  /** Returns the return value of fib_validate_source for this drop reason on this kernel. */
  int returned(String reason, int errno) {
    // Drop reasons became return values in the release that added this one:
    // net/ipv4/fib_frontend.c, 6.13.
    Optional<Integer> number =
        reasons.number("IP_LOCAL_SOURCE").flatMap(_ -> reasons.number(reason));
    return -number.orElse(errno);
  }

  String mechanism(String probe) {
    return status().objects("probes").stream()
        .filter(row -> row.text("name").equals(probe))
        .map(row -> row.text("mechanism"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(probe + " is missing on " + line));
  }

  /** Returns one line: the kernel, the mechanisms, the number of correct results, and the time. */
  private String summary() {
    if (lines.stream().noneMatch(object -> object.has("probes"))) {
      return "%-24s gave no status in %d s".formatted(line, took.toSeconds());
    }
    long right =
        results().stream().filter(result -> Boolean.TRUE.equals(result.get("passed"))).count();
    String mechanisms =
        Stream.of("veth_xmit", "loopback_xmit", "netif_rx", "fib_validate_source")
            .map(probe -> probe + " " + mechanism(probe))
            .collect(Collectors.joining(", "));
    return "%-24s %d of %d right in %d s; %s"
        .formatted(status().text("kernel"), right, results().size(), took.toSeconds(), mechanisms);
  }
}
