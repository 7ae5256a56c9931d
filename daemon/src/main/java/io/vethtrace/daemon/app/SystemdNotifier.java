package io.vethtrace.daemon.app;

import io.vethtrace.daemon.libbpf.BpfException;
import io.vethtrace.daemon.libbpf.UnixDatagram;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * systemd, where it started this process and wants to be told: sd_notify(3) and
 * sd_watchdog_enabled(3). Nothing happens where it did not.
 *
 * @param socket that takes the words; empty where nobody wants any
 * @param patience after which silence is taken for death; empty where nobody watches
 */
record SystemdNotifier(Optional<String> socket, Optional<Duration> patience) {
  static SystemdNotifier of(Map<String, String> environment) {
    Optional<String> socket =
        Optional.ofNullable(environment.get("NOTIFY_SOCKET")).filter(path -> !path.isEmpty());
    return new SystemdNotifier(socket, patience(environment));
  }

  private static Optional<Duration> patience(Map<String, String> environment) {
    String pid = Long.toString(ProcessHandle.current().pid());
    return Optional.ofNullable(environment.get("WATCHDOG_USEC"))
        .filter(_ -> environment.getOrDefault("WATCHDOG_PID", pid).equals(pid))
        .filter(micros -> micros.matches("[1-9][0-9]{0,17}"))
        .map(micros -> Duration.of(Long.parseLong(micros), ChronoUnit.MICROS));
  }

  void ready(String status) {
    tell("READY=1\nSTATUS=" + status + "\n");
  }

  void stopping() {
    tell("STOPPING=1\nSTATUS=stopping\n");
  }

  /** Reports to systemd that the daemon works, as long as {@code proof} completes. */
  void watch(Supplier<CompletableFuture<Void>> proof) {
    if (socket.isPresent() && patience.isPresent()) {
      Duration step = patience.get().dividedBy(2);
      Thread.ofVirtual().name("watchdog").start(() -> prove(proof, step));
    }
  }

  private void prove(Supplier<CompletableFuture<Void>> proof, Duration step) {
    try {
      while (true) {
        proof.get().get(step.toNanos(), TimeUnit.NANOSECONDS);
        tell("WATCHDOG=1\n");
        Thread.sleep(step);
      }
    } catch (TimeoutException | ExecutionException | InterruptedException e) {
      // Silence says it.
    }
  }

  private void tell(String words) {
    socket.ifPresent(path -> {
      try {
        UnixDatagram.send(path, words);
      } catch (BpfException | IllegalArgumentException e) {
        System.getLogger("vethtrace")
            .log(System.Logger.Level.WARNING, "cannot tell systemd: " + e.getMessage());
      }
    });
  }
}
