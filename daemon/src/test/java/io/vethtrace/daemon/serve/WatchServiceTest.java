package io.vethtrace.daemon.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.vethtrace.daemon.diagnose.Diagnosis;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.daemon.filter.Filter;
import io.vethtrace.daemon.fixture.AwaitOtherThread;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.host.WallClock;
import io.vethtrace.daemon.probe.object.TraceFilter;
import io.vethtrace.daemon.trace.Conversations;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Lost;
import io.vethtrace.v1.StageLoss;
import io.vethtrace.v1.TraceServiceGrpc;
import io.vethtrace.v1.WatchRequest;
import io.vethtrace.v1.WatchResponse;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchServiceTest {
  private static final TestDevice VETH0 = TestDevice.up(100, 2, "veth0");
  private static final TestDevice VETH1 = TestDevice.up(200, 3, "veth1");
  private static final TestDevice LO = TestDevice.lo(300, true);

  private final HandMadeTracing tracing = new HandMadeTracing();
  private ServerFixture served;

  @BeforeEach
  void serve() throws IOException {
    served = new ServerFixture(tracing);
  }

  @AfterEach
  void stop() throws Exception {
    served.close();
  }

  /** A call that is watching. */
  private RecordingObserver<WatchRequest, WatchResponse> watch(WatchRequest request)
      throws Exception {
    RecordingObserver<WatchRequest, WatchResponse> calling = new RecordingObserver<>();
    TraceServiceGrpc.newStub(served.channel).watch(request, calling);
    assertThat(calling.next()).isEqualTo(WatchResponse.getDefaultInstance());
    return calling;
  }

  private static WatchRequest all() {
    return WatchRequest.getDefaultInstance();
  }

  private static TracedSkb echo(int sequence) {
    return TracedSkb.of(Packets.echo("192.168.1.1", "192.168.1.2", 9, sequence));
  }

  private static TracedSkb onLo(int sequence) {
    return echo(sequence).through(LO).consumed(LO);
  }

  private static TracedSkb onVeth(int sequence) {
    return echo(sequence).across(VETH0, VETH1).consumed(VETH1);
  }

  @Test
  void the_first_response_is_empty_and_says_that_nothing_is_missed_from_now_on() throws Exception {
    var calling = watch(all());
    Journey journey = tracing.publish(onVeth(1));
    assertThat(next(calling)).containsExactly(tracing.messages.journey(journey));
  }

  @Test
  void journeys_arrive_in_order_and_many_in_one_message() throws Exception {
    var calling = watch(all());
    List<String> published = new ArrayList<>();
    for (int sequence = 0; sequence < 1000; sequence++) {
      published.add(tracing.publish(onVeth(sequence)).summary());
    }
    List<String> received = new ArrayList<>();
    int messages = 0;
    while (received.size() < published.size()) {
      calling.next().getJourneysList().forEach(journey -> received.add(journey.getPacket()));
      messages++;
    }
    assertThat(received).isEqualTo(published);
    assertThat(messages).isLessThan(published.size());
  }

  @Test
  void a_finding_arrives_with_the_journey_that_proves_it() throws Exception {
    var calling = watch(all());
    Conversations conversations = new Conversations(1);
    conversations.add(onVeth(1).journey());
    Diagnosis.of(conversations.all(), tracing.snapshots.take(Set.of()))
        .forEach(finding -> tracing.feed().publish(new TraceItem.FaultFound(finding)));

    Finding finding = calling.next().getFindings(0);
    assertThat(finding.getCause()).isEqualTo(Finding.Cause.UNKNOWN);
    assertThat(finding.getJourney().getHopsCount()).isEqualTo(4);
  }

  @Test
  void a_client_that_names_interfaces_gets_only_journeys_that_passed_one() throws Exception {
    var calling = watch(WatchRequest.newBuilder().addInterfaces("lo").addInterfaces("x").build());
    tracing.publish(onVeth(1));
    Journey wanted = tracing.publish(onLo(2));
    assertThat(next(calling)).containsExactly(tracing.messages.journey(wanted));
  }

  @Test
  void a_namespace_is_named_by_its_name_or_its_inode() throws Exception {
    for (String name : List.of("ns200", "200")) {
      var calling = watch(WatchRequest.newBuilder().addNetns(name).build());
      tracing.publish(onLo(1));
      Journey wanted = tracing.publish(onVeth(2));
      assertThat(next(calling)).containsExactly(tracing.messages.journey(wanted));
      calling.leave();
    }
  }

  @Test
  void namespace_and_interface_must_both_fit() throws Exception {
    var calling = watch(WatchRequest.newBuilder().addNetns("ns100").addInterfaces("lo").build());
    tracing.publish(onLo(1));
    tracing.publish(onVeth(2));
    Journey both =
        tracing.publish(
            echo(3).across(VETH0, VETH1).through(TestDevice.lo(100, true)).consumed(VETH1));
    assertThat(next(calling)).containsExactly(tracing.messages.journey(both));
  }

  @Test
  void a_client_that_filters_gets_only_journeys_that_match() throws Exception {
    var calling = watch(filtered("icmp[6:2] = 2"));
    tracing.publish(onVeth(1));
    Journey wanted = tracing.publish(onLo(2));
    tracing.publish(onVeth(3));
    Journey last = tracing.publish(onLo(2));
    assertThat(List.of(journey(calling), journey(calling)))
        .containsExactly(tracing.messages.journey(wanted), tracing.messages.journey(last));
  }

  @Test
  void what_the_kernel_has_filtered_is_not_asked_again() throws Exception {
    String expression = "udp port 53";
    served.close();
    tracing.kernelFilter =
        switch (Filter.compile(expression)) {
          case Filter.Compilation.Compiled(Filter filter) ->
              new TraceFilter(Optional.of(filter), List.of(), List.of());
          case Filter.Compilation.Refused(String sentence) -> throw new AssertionError(sentence);
        };
    served = new ServerFixture(tracing);
    var calling = watch(filtered(expression));
    Journey echo = tracing.publish(onVeth(1));
    assertThat(journey(calling)).isEqualTo(tracing.messages.journey(echo));
  }

  @Test
  void what_is_no_filter_is_refused_in_libpcaps_words() throws Exception {
    RecordingObserver<WatchRequest, WatchResponse> calling = new RecordingObserver<>();
    TraceServiceGrpc.newStub(served.channel).watch(filtered("tcpp"), calling);
    assertThat(calling.end()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  private static WatchRequest filtered(String expression) {
    return WatchRequest.newBuilder().setFilter(expression).build();
  }

  private final Deque<io.vethtrace.v1.Journey> received = new ArrayDeque<>();

  /** The next one, of however many in a message. */
  private io.vethtrace.v1.Journey journey(RecordingObserver<WatchRequest, WatchResponse> calling)
      throws Exception {
    while (received.isEmpty()) {
      received.addAll(next(calling));
    }
    return received.removeFirst();
  }

  /** The journeys of the next message, without the time of which nobody here knows. */
  private static List<io.vethtrace.v1.Journey> next(
      RecordingObserver<WatchRequest, WatchResponse> calling) throws Exception {
    return calling.next().getJourneysList().stream()
        .map(journey -> journey.toBuilder().clearUnixNs().build())
        .toList();
  }

  @Test
  void what_the_ring_loses_is_told_once_and_only_from_the_beginning_of_the_call_on()
      throws Exception {
    tracing.lost.set(40);
    var calling = watch(all());
    tracing.lost.set(42);
    Lost lost = calling.next().getLost();
    assertThat(lost.getRing()).isEqualTo(2);
    assertThat(lost.getClient()).isZero();
    tracing.publish(onLo(1));
    assertThat(calling.next().hasLost()).isFalse();
    tracing.lost.set(45);
    assertThat(calling.next().getLost().getRing()).isEqualTo(3);
  }

  @Test
  void a_loss_is_told_with_its_stage_and_the_times_between_which_it_came() throws Exception {
    var calling = watch(all());
    long before = WallClock.nowUnixNs();
    tracing.lost.addAndGet(7);
    Lost lost = calling.next().getLost();
    assertThat(lost.getStagesList()).hasSize(1);
    StageLoss ring = lost.getStages(0);
    assertThat(ring.getStage()).isEqualTo("ring");
    assertThat(ring.getCount()).isEqualTo(7);
    assertThat(ring.getFirstUnixNs()).isLessThanOrEqualTo(ring.getLastUnixNs());
    assertThat(ring.getLastUnixNs()).isBetween(before, WallClock.nowUnixNs());
  }

  @Test
  void losses_that_follow_each_other_are_told_together_and_none_is_left_out() throws Exception {
    var calling = watch(all());
    for (int i = 0; i < 50; i++) {
      tracing.lost.incrementAndGet();
      Thread.sleep(20);
    }
    long told = 0;
    int messages = 0;
    while (told < 50) {
      WatchResponse response = calling.next();
      told += response.getLost().getRing();
      messages += response.hasLost() ? 1 : 0;
    }
    assertThat(told).isEqualTo(50);
    assertThat(messages).isLessThan(10);
  }

  @Test
  void a_client_that_reads_slowly_is_told_how_much_it_missed() throws Exception {
    int count = 40_000;
    Iterator<WatchResponse> slow =
        TraceServiceGrpc.newBlockingStub(served.channel)
            .withDeadlineAfter(AwaitOtherThread.LIMIT)
            .watch(all());
    slow.next();
    TraceItem item = new TraceItem.JourneyEnded(onVeth(1).journey());
    for (int i = 0; i < count; i++) {
      tracing.feed().publish(item);
    }
    long received = 0;
    long lost = 0;
    while (received + lost < count) {
      WatchResponse response = slow.next();
      received += response.getJourneysCount();
      lost += response.getLost().getClient();
    }
    assertThat(received + lost).isEqualTo(count);
    assertThat(lost).isPositive();
  }

  @Test
  void a_client_that_leaves_frees_its_subscription_and_no_other() throws Exception {
    var staying = watch(all());
    var leaving = watch(all());
    assertThat(tracing.feed().clients()).isEqualTo(2);
    leaving.leave();
    assertThat(leaving.end()).isEqualTo(Status.Code.CANCELLED);
    served.awaitClients(1);

    tracing.publish(onLo(1));
    assertThat(staying.next().getJourneysCount()).isEqualTo(1);
  }

  @Test
  void a_client_whose_connection_breaks_frees_its_subscription() throws Exception {
    watch(all());
    served.channel.shutdownNow();
    served.awaitClients(0);
  }

  @Test
  void the_end_of_the_feed_completes_the_call() throws Exception {
    var calling = watch(all());
    tracing.feed().close();
    assertThat(calling.end()).isEqualTo(Status.Code.OK);
  }
}
