package io.vethtrace.daemon.app;

import io.vethtrace.daemon.engine.PipelineStageCounts;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.attach.Mechanism;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The daemon's own life, one line an event on standard output, and the same for systemd. What goes
 * wrong is on standard error.
 */
final class ServiceLog {
  private final PrintWriter out;
  private final SystemdNotifier supervisor;
  private final long beganNs = System.nanoTime();

  private ServiceLog(PrintWriter out, SystemdNotifier supervisor) {
    this.out = out;
    this.supervisor = supervisor;
  }

  static ServiceLog of(PrintWriter out) {
    return new ServiceLog(out, SystemdNotifier.of(System.getenv()));
  }

  /** Returns a log that prints nothing. */
  static ServiceLog silent() {
    return new ServiceLog(new PrintWriter(Writer.nullWriter()), SystemdNotifier.of(Map.of()));
  }

  void loaded(List<ProbeStatus> probes) {
    line(watched(probes) + byMechanism(probes) + " on Linux " + System.getProperty("os.version"));
  }

  private static String watched(List<ProbeStatus> probes) {
    long seen = probes.stream().filter(probe -> probe.mechanism().isPresent()).count();
    return "watches %d of %d probe points".formatted(seen, probes.size());
  }

  private static String byMechanism(List<ProbeStatus> probes) {
    return probes.stream()
        .map(ProbeStatus::mechanism)
        .flatMap(Optional::stream)
        .collect(Collectors.groupingBy(Mechanism::label, TreeMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .map(count -> count.getValue() + " by " + count.getKey())
        .collect(Collectors.joining(", ", " (", ")"));
  }

  void dropped(PrivilegeDrop.Outcome outcome) {
    line(PrivilegeDrop.describe(outcome));
  }

  void note(String sentence) {
    line(sentence);
  }

  /** {@code proof} completes as long as the daemon does what it is there for. */
  void listens(Path socket, List<ProbeStatus> probes, Supplier<CompletableFuture<Void>> proof) {
    print("vethtraced " + DaemonVersion.NUMBER + " listens on " + socket);
    supervisor.ready(watched(probes));
    supervisor.watch(proof);
  }

  void stopping(String why, List<PipelineStageCounts> stages) {
    line("stops: " + why + "; " + counts(stages));
    supervisor.stopping();
  }

  private static String counts(List<PipelineStageCounts> stages) {
    return stages.stream()
        .map(stage ->
            "%s: %d delivered, %d lost".formatted(stage.name(), stage.delivered(), stage.lost()))
        .collect(Collectors.joining("; "));
  }

  void stopped() {
    long seconds = Duration.ofNanos(System.nanoTime() - beganNs).toSeconds();
    line("stopped after %d s".formatted(seconds));
  }

  private void line(String sentence) {
    print("vethtraced: " + sentence);
  }

  private void print(String line) {
    out.println(line);
    out.flush();
  }
}
