package io.vethtrace.daemon.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vethtrace.daemon.fixture.AwaitOtherThread;
import io.vethtrace.daemon.libbpf.LibbpfMissingException;
import io.vethtrace.daemon.probe.ProbeOptions;
import io.vethtrace.daemon.probe.Probes;
import io.vethtrace.daemon.probe.attach.TracingUnavailableException;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.daemon.trace.JourneyTracker;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** Runs on the running kernel, with datagrams from lo to lo. */
class TraceLoopTest {
  /** The probes, or the test is skipped where there can be none. */
  private static Probes attach() {
    assumeTrue("root".equals(System.getProperty("user.name")), "tracing needs root");
    try {
      return Probes.open(new ProbeOptions(1 << 20));
    } catch (TracingUnavailableException | LibbpfMissingException e) {
      throw new TestAbortedException(e.getMessage(), e);
    }
  }

  /** Sends a datagram from a socket to itself and returns its port. */
  private static int sendThroughLo() throws IOException {
    InetAddress lo = InetAddress.getLoopbackAddress();
    try (DatagramSocket socket = new DatagramSocket(0, lo)) {
      socket.send(new DatagramPacket(new byte[4], 4, lo, socket.getLocalPort()));
      socket.receive(new DatagramPacket(new byte[4], 4));
      return socket.getLocalPort();
    }
  }

  private static void await(CompletableFuture<?> future) throws Exception {
    future.get(AwaitOtherThread.LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void a_packet_becomes_a_journey_and_drained_completes_when_its_events_were_read()
      throws Exception {
    CompletableFuture<Journey> seen = new CompletableFuture<>();
    AtomicReference<String> wanted = new AtomicReference<>("not yet known");
    JourneyTracker tracker =
        new JourneyTracker(journey -> {
          if (journey.summary().endsWith(wanted.get())) {
            seen.complete(journey);
          }
        });
    try (Probes probes = attach();
        TraceLoop loop = new TraceLoop(probes.reader(), tracker, () -> {})) {
      wanted.set("." + sendThroughLo());
      loop.start();
      await(loop.drained());
      TraceLoop.Counts counts = loop.counts();
      assertThat(counts.joined()).isPositive();
      assertThat(counts.read()).isEqualTo(counts.joined() + counts.ignored() + counts.malformed());
      assertThat(counts.malformed()).isZero();
      await(seen);
      await(loop.drained());
    }
    assertThat(seen.join().hops()).extracting(hop -> hop.ifname()).contains("lo");
  }

  @Test
  void quiet_comes_when_the_journeys_are_told_that_had_begun() throws Exception {
    AtomicReference<String> wanted = new AtomicReference<>("not yet known");
    CompletableFuture<Journey> seen = new CompletableFuture<>();
    JourneyTracker tracker =
        new JourneyTracker(journey -> {
          if (journey.summary().endsWith(wanted.get())) {
            seen.complete(journey);
          }
        });
    try (Probes probes = attach();
        TraceLoop loop = new TraceLoop(probes.reader(), tracker, () -> {})) {
      loop.start();
      wanted.set("." + sendThroughLo());
      await(loop.journeysEnded(Set.of()));
      assertThat(seen).isDone();
    }
  }

  @Test
  void who_asks_a_loop_that_has_ended_to_drain_is_told_so() throws Exception {
    try (Probes probes = attach()) {
      TraceLoop loop = new TraceLoop(probes.reader(), new JourneyTracker(journey -> {}), () -> {});
      loop.start();
      loop.close();
      assertThatThrownBy(() -> await(loop.drained()))
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseMessage("the trace loop has ended");
    }
  }

  @Test
  void a_loop_that_dies_says_so_and_leaves_nobody_waiting() throws Exception {
    CompletableFuture<Void> failed = new CompletableFuture<>();
    JourneyTracker broken =
        new JourneyTracker(journey -> {
          throw new IllegalStateException("a test's own failure");
        });
    try (Probes probes = attach();
        TraceLoop loop = new TraceLoop(probes.reader(), broken, () -> failed.complete(null))) {
      loop.start();
      while (!failed.isDone()) {
        sendThroughLo();
        Thread.sleep(10);
      }
      assertThatThrownBy(() -> await(loop.drained())).isInstanceOf(ExecutionException.class);
    }
  }
}
