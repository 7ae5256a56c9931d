package io.vethtrace.lab;

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
 * The faults of the lab on one kernel, under one daemon: what {@code lab/guest/faults.sh} printed.
 *
 * @param line a kernel line of {@code kernel.sh}, or {@link #RUNNING}
 * @param reasons by the kernel's own BTF
 * @param nameless some of the faults once more, with the kernel's names hidden; empty where the
 *     line is not one for that
 * @param metrics what the daemon's metrics said at two times; empty where the line is not one for
 *     that
 * @param captures a folder with the captures of {@code faults.sh -p}; empty where the line is not
 *     one for that
 * @param filtered what {@code lab/guest/filter.sh} printed; empty for a guest
 */
record KernelRun(
    String line,
    Finished run,
    List<Json> lines,
    DropReasonNumbers reasons,
    List<Json> nameless,
    List<String> metrics,
    Optional<Path> captures,
    List<Json> filtered,
    Duration took) {
  /** The kernel that runs the tests. */
  static final String RUNNING = "running";

  private static final Duration LIMIT = Duration.ofMinutes(15);

  /**
   * Two natively, as the daemon and the traffic share two CPUs; most of a guest's time is waits.
   */
  private static final String JOBS = "2";

  private static final String GUEST_JOBS = "3";

  private static final Pattern LEFT_OUT =
      Pattern.compile("^vethtrace: (\\S+) is left out, (.*)$", Pattern.MULTILINE);

  static KernelRun of(String line) {
    KernelRun run = line.equals(RUNNING) ? here() : inGuest(line);
    System.out.println(run.row());
    return run;
  }

  private static KernelRun here() {
    long beganNs = System.nanoTime();
    Finished run = Finished.of(LIMIT, faults(JOBS, List.of("--all")));
    DropReasonNumbers reasons = DropReasonNumbers.of(Path.of("/sys/kernel/btf/vmlinux"));
    List<Json> filtered = Json.parseLines(Finished.of(LIMIT, FilteredTraffic.command()).stdout());
    return new KernelRun(
        RUNNING,
        run,
        Json.parseLines(run.stdout()),
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
      boolean isCapturing = line.equals(Captured.LINE);
      if (isCapturing) {
        Captured.sender(share);
      }
      Finished run = Finished.of(LIMIT.plusMinutes(1), guest(line, share));
      DropReasonNumbers reasons = DropReasonNumbers.of(share.resolve("btf"));
      List<Json> nameless = Json.parseLines(left(share, "nameless"));
      List<String> metrics =
          RefusedSources.FILES.stream()
              .map(name -> left(share, name))
              .filter(text -> !text.isEmpty())
              .toList();
      Optional<Path> captures = isCapturing ? Optional.of(share) : Optional.empty();
      if (!isCapturing) {
        Finished.of("rm", "-rf", share.toString());
      }
      List<Json> lines = Json.parseLines(run.stdout());
      return new KernelRun(
          line, run, lines, reasons, nameless, metrics, captures, List.of(), since(beganNs));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Duration since(long beganNs) {
    return Duration.ofNanos(System.nanoTime() - beganNs);
  }

  /** What the guest wrote to a file; empty if it did not. */
  private static String left(Path share, String name) {
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
                faults + ofLine(line) + daemon + String.join(" ", GuestFaults.of(line)),
                line.equals(NamelessKernels.LINE) ? again(faults + daemon) : ":");
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

  /** What is tried there besides. */
  private static String ofLine(String line) {
    return switch (line) {
      case RefusedSources.LINE -> "-m /run/share";
      case Captured.LINE -> "-p /run/share";
      case FilteredTraffic.LINE -> "-f '%s'".formatted(FilteredTraffic.ofGuest());
      default -> "";
    };
  }

  private static String again(String faults) {
    return "'%s' btf kptr_restrict -- %s %s >/run/share/nameless"
        .formatted(
            Installation.file("lab/guest/nameless.sh"),
            faults,
            String.join(" ", NamelessKernels.GUEST_FAULTS));
  }

  /** Removes what it left. */
  void forget() {
    captures.ifPresent(folder -> Finished.of("rm", "-rf", folder.toString()));
  }

  boolean isGuest() {
    return !line.equals(RUNNING);
  }

  List<Json> results() {
    return lines.stream().filter(object -> object.has("fault")).toList();
  }

  /** Faults that this kernel lacks the means for, and what it lacks. */
  Map<String, String> leftOut() {
    return LEFT_OUT
        .matcher(run.stderr())
        .results()
        .collect(Collectors.toMap(match -> match.group(1), match -> match.group(2)));
  }

  Json status() {
    return lines.stream()
        .filter(object -> object.has("probes"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no status on %s: %s".formatted(line, run.stderr())));
  }

  /** What fib_validate_source returns for this drop reason, by what the kernel's BTF says. */
  int returned(String reason, int errno) {
    // The reasons came as results together with this one: net/ipv4/fib_frontend.c, 6.13.
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

  /** One row: kernel, mechanisms, faults named right, time. */
  private String row() {
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
