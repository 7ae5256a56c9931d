package io.vethtrace.daemon.engine.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.Snapshot;
import io.vethtrace.daemon.engine.EngineTimings;
import io.vethtrace.daemon.engine.feed.HistoryLimits;
import io.vethtrace.daemon.engine.feed.Subscription;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.daemon.engine.feed.TraceStream;
import io.vethtrace.daemon.fixture.AwaitOtherThread;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.trace.SourceCheckSysctls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LiveJudgeTest {
  private static final TestKernel KERNEL = TestKernel.V6_1;
  private static final TestDevice VETH0 = TestDevice.up(100, 2, "veth0");
  private static final TestDevice VETH1 = TestDevice.up(100, 3, "veth1");
  private static final String A = "192.168.1.1";
  private static final String B = "192.168.1.2";

  private final TraceStream stream = new TraceStream(HistoryLimits.none());
  private final Subscription<TraceItem> told = stream.feed().subscribe(100);
  private final AtomicInteger snapshots = new AtomicInteger();
  private final LiveJudge live =
      new LiveJudge(
          stream,
          _ -> {
            snapshots.incrementAndGet();
            return new Snapshot(KERNEL.reasons(), KERNEL.symbols(), KERNEL.blind(), Map.of());
          });

  @BeforeEach
  void start() {
    live.start();
  }

  @AfterEach
  void stop() {
    live.close();
  }

  @Test
  void what_a_fault_led_to_later_is_not_told_as_a_fault() throws InterruptedException {
    publish(refusedRequest());
    List<Finding> findings = new ArrayList<>();
    AwaitOtherThread.until("the refusal is told", () -> findings.addAll(take()));

    publish(
        TracedSkb.of(Packets.echo(A, B, 7, 1))
            .atMs(nowMs())
            .dropped(VETH0, KERNEL.reason("NEIGH_FAILED"), TestKernel.place("neigh_invalidate")));
    // A fault of another address follows: when it is told, the queued echo has been judged too.
    publish(
        TracedSkb.of(Packets.arpRequest("10.9.9.1", "10.9.9.9"))
            .atMs(nowMs())
            .across(VETH1, VETH0));
    AwaitOtherThread.until("the later fault is told", () -> findings.addAll(take()));

    assertThat(findings)
        .extracting(Finding::cause)
        .containsExactly(Cause.REVERSE_PATH_FILTER, Cause.NEIGHBOUR_UNANSWERED);
    assertThat(findings.getLast().title()).contains("10.9.9.9");
  }

  /** The kernel remembers a neighbour for a while, and asks again: what was well may be no more. */
  @Test
  void a_request_is_judged_though_it_was_answered_once() throws InterruptedException {
    long before = nowMs() - 10_000;
    publish(
        TracedSkb.of(Packets.arpRequest(A, B)).atMs(before).across(VETH0, VETH1).consumed(VETH1));
    publish(
        TracedSkb.of(Packets.arpReply(B, A)).atMs(before + 1).across(VETH1, VETH0).consumed(VETH0));
    publish(refusedRequest());
    List<Finding> findings = new ArrayList<>();
    AwaitOtherThread.until("the refusal is told", () -> findings.addAll(take()));
    assertThat(findings).extracting(Finding::cause).containsExactly(Cause.REVERSE_PATH_FILTER);
  }

  @Test
  void a_fault_that_goes_on_is_told_once() throws InterruptedException {
    publish(refusedRequest());
    List<Finding> findings = new ArrayList<>();
    AwaitOtherThread.until("the refusal is told", () -> findings.addAll(take()));

    publish(refusedRequest());
    publish(
        TracedSkb.of(Packets.arpRequest("10.9.9.1", "10.9.9.9"))
            .atMs(nowMs())
            .across(VETH1, VETH0));
    AwaitOtherThread.until("the later fault is told", () -> findings.addAll(take()));

    assertThat(findings)
        .extracting(Finding::cause)
        .containsExactly(Cause.REVERSE_PATH_FILTER, Cause.NEIGHBOUR_UNANSWERED);
  }

  @Test
  void a_fault_is_told_while_its_packets_go_on() throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    AwaitOtherThread.until(
        "the refusal is told",
        () -> {
          publish(refusedRequest()); // never quiet for as long as one that ended
          return findings.addAll(take());
        });
    assertThat(findings).extracting(Finding::cause).containsOnly(Cause.REVERSE_PATH_FILTER);
  }

  @Test
  void a_flow_that_goes_on_well_is_not_judged_by_an_old_drop() throws InterruptedException {
    publish(reply());
    publish(
        TracedSkb.of(Packets.echo(A, B, 7, 1))
            .atMs(nowMs())
            .dropped(VETH0, KERNEL.reason("NEIGH_FAILED"), TestKernel.place("neigh_invalidate")));
    awaitJudged();
    int judgedOnce = snapshots.get();
    assertThat(judgedOnce).isPositive();

    publish(reply());
    awaitJudged();
    assertThat(snapshots).hasValue(judgedOnce);
  }

  @Test
  void nothing_counts_as_judged_that_waits_for_an_answer() throws InterruptedException {
    long beganNs = System.nanoTime();
    publish(refusedRequest());
    awaitJudged();
    assertThat(System.nanoTime() - beganNs).isGreaterThan(EngineTimings.QUIET_NS);
    assertThat(take()).extracting(Finding::cause).containsExactly(Cause.REVERSE_PATH_FILTER);
  }

  @Test
  void where_nobody_would_be_told_no_namespace_is_read() throws InterruptedException {
    told.close();
    publish(refusedRequest());
    Thread.sleep(3000); // twice what a conversation is given to be answered in
    assertThat(snapshots).hasValue(0);

    Subscription<TraceItem> later = stream.feed().subscribe(100);
    publish(refusedRequest());
    AwaitOtherThread.until("the refusal is told", () -> !take(later).isEmpty());
    assertThat(snapshots).hasPositiveValue();
  }

  private static TracedSkb refusedRequest() {
    return TracedSkb.of(Packets.arpRequest(A, B))
        .atMs(nowMs())
        .across(VETH0, VETH1)
        .validated(VETH1, -18, new SourceCheckSysctls(0, 1, 0, 1))
        .consumed(VETH1);
  }

  private static TracedSkb reply() {
    return TracedSkb.of(Packets.echoReply(B, A, 7, 1))
        .atMs(nowMs())
        .across(VETH1, VETH0)
        .consumed(VETH0);
  }

  private void awaitJudged() throws InterruptedException {
    long nowNs = System.nanoTime();
    AwaitOtherThread.until("all is judged", () -> live.judgedUntilNs() - nowNs >= 0);
  }

  private static long nowMs() {
    return System.nanoTime() / 1_000_000;
  }

  private void publish(TracedSkb skb) {
    stream.publish(skb.journey());
  }

  private List<Finding> take() {
    return take(told);
  }

  private static List<Finding> take(Subscription<TraceItem> subscription) {
    try {
      return subscription.take(100, Duration.ofMillis(50)).stream()
          .filter(TraceItem.FaultFound.class::isInstance)
          .map(item -> ((TraceItem.FaultFound) item).finding())
          .toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }
}
