package io.vethtrace.daemon.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vethtrace.daemon.diagnose.Diagnosis;
import io.vethtrace.daemon.engine.feed.WatchClients;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.host.WallClock;
import io.vethtrace.daemon.trace.Conversations;
import io.vethtrace.v1.Counts;
import io.vethtrace.v1.ExplainRequest;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.History;
import io.vethtrace.v1.Journey;
import io.vethtrace.v1.StatusRequest;
import io.vethtrace.v1.StatusResponse;
import io.vethtrace.v1.StatusServiceGrpc;
import io.vethtrace.v1.TraceServiceGrpc;
import io.vethtrace.v1.WatchFilter;
import io.vethtrace.v1.WatchRequest;
import io.vethtrace.v1.WatchRequest.Kind;
import io.vethtrace.v1.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchHistoryTest {
  private static final TestDevice VETH0 = TestDevice.up(100, 2, "veth0");
  private static final TestDevice VETH1 = TestDevice.up(200, 3, "veth1");

  private final HandMadeTracing tracing = new HandMadeTracing();
  private ServerFixture served;

  @BeforeEach
  void serve() throws Exception {
    served = new ServerFixture(tracing);
  }

  @AfterEach
  void stop() throws Exception {
    served.close();
  }

  private static TracedSkb echo(int sequence) {
    return TracedSkb.of(Packets.echo("192.168.1.1", "192.168.1.2", 9, sequence))
        .across(VETH0, VETH1)
        .consumed(VETH1);
  }

  private void publish(int from, int to) {
    IntStream.rangeClosed(from, to).forEach(sequence -> tracing.publish(echo(sequence)));
  }

  /**
   * Publishes until a reader has enough, so that a late reader still sees a present, and slowly
   * enough that nothing is lost.
   */
  private void publishUntil(AtomicBoolean enough) {
    for (int sequence = 1; !enough.get(); sequence++) {
      publish(sequence, sequence);
      if (sequence % 10 == 0) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  private void publishFinding() {
    Conversations conversations = new Conversations(1);
    conversations.add(echo(1).journey());
    Diagnosis.of(conversations.all(), tracing.snapshots.take(Set.of()))
        .forEach(tracing.stream()::publish);
  }

  /** The items of a stream that ends by itself. */
  private record Said(List<Journey> journeys, List<Finding> findings, Counts counts) {
    List<Integer> sequences() {
      return journeys.stream().map(Said::sequence).toList();
    }

    static int sequence(Journey journey) {
      String packet = journey.getPacket();
      return Integer.parseInt(packet.substring(packet.lastIndexOf(' ') + 1));
    }
  }

  private Said said(WatchRequest.Builder request) {
    List<Journey> journeys = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    Counts counts = Counts.getDefaultInstance();
    var responses = TraceServiceGrpc.newBlockingStub(served.channel).watch(request.build());
    while (responses.hasNext()) {
      WatchResponse response = responses.next();
      journeys.addAll(response.getJourneysList());
      findings.addAll(response.getFindingsList());
      counts = response.hasCounts() ? response.getCounts() : counts;
    }
    return new Said(journeys, findings, counts);
  }

  private static WatchRequest.Builder past() {
    return WatchRequest.newBuilder().setHistoryOnly(true);
  }

  private static Counts counts(long produced, long delivered, long filtered, long lost) {
    return Counts.newBuilder()
        .setProduced(produced)
        .setDelivered(delivered)
        .setFiltered(filtered)
        .setLost(lost)
        .build();
  }

  @Test
  void the_history_is_told_in_order_and_the_stream_ends_with_it() {
    publish(1, 5);
    Said said = said(past());
    assertThat(said.sequences()).containsExactly(1, 2, 3, 4, 5);
    assertThat(said.counts()).isEqualTo(counts(5, 5, 0, 0));
  }

  @Test
  void the_last_ones_are_those_that_match() {
    publish(1, 3);
    tracing.publish(
        TracedSkb.of(Packets.arpRequest("192.168.1.1", "192.168.1.9")).across(VETH0, VETH1));
    publish(4, 4);
    Said said =
        said(past().setLast(2).addAllow(WatchFilter.newBuilder().addProtocols("icmp").build()));
    assertThat(said.sequences()).containsExactly(3, 4);
    assertThat(said.counts()).isEqualTo(counts(3, 2, 1, 0));
  }

  @Test
  void what_was_told_before_since_or_after_until_is_left_out() throws Exception {
    publish(1, 2);
    Thread.sleep(2);
    long since = WallClock.nowUnixNs();
    publish(3, 4);
    long until = WallClock.nowUnixNs();
    Thread.sleep(2);
    publish(5, 6);
    assertThat(said(past().setSinceUnixNs(since)).sequences()).containsExactly(3, 4, 5, 6);
    assertThat(said(past().setSinceUnixNs(since).setUntilUnixNs(until)).sequences())
        .containsExactly(3, 4);
    assertThat(said(WatchRequest.newBuilder().setSinceUnixNs(0).setUntilUnixNs(until)).sequences())
        .as("an end that has passed ends a stream that would follow")
        .containsExactly(1, 2, 3, 4);
  }

  @Test
  void the_first_ones_end_the_stream_and_those_behind_them_count_as_filtered() {
    publish(1, 5);
    Said said = said(WatchRequest.newBuilder().setLast(4).setFirst(3));
    assertThat(said.sequences()).containsExactly(2, 3, 4);
    assertThat(said.counts()).isEqualTo(counts(4, 3, 1, 0));
  }

  @Test
  void journeys_and_findings_come_in_the_order_in_which_they_were_told() {
    publish(1, 2);
    publishFinding();
    publish(3, 3);
    assertThat(said(past().setLast(2)).sequences()).containsExactly(3);
    assertThat(said(past().setLast(2)).findings()).hasSize(1);
    assertThat(said(past().addKinds(Kind.FINDING)).journeys()).isEmpty();
    assertThat(said(past().addKinds(Kind.FINDING)).findings()).hasSize(1);
  }

  @Test
  void between_history_and_present_nothing_is_missing_and_nothing_comes_twice() throws Exception {
    int wanted = 1000;
    AtomicBoolean enough = new AtomicBoolean();
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<?> publishing = threads.submit(() -> publishUntil(enough));
      while (tracing.stream().journeys().written() < wanted) {
        Thread.onSpinWait();
      }
      Said said;
      try {
        said = said(WatchRequest.newBuilder().setLast(10).setFirst(wanted));
      } finally {
        enough.set(true);
      }
      publishing.get();
      int first = said.sequences().getFirst();
      assertThat(said.sequences())
          .containsExactlyElementsOf(IntStream.range(first, first + wanted).boxed().toList());
      Counts counts = said.counts();
      assertThat(counts.getProduced())
          .isEqualTo(counts.getDelivered() + counts.getFiltered() + counts.getLost());
    }
  }

  @Test
  void a_finding_is_found_again_by_its_id() {
    publishFinding();
    Finding finding = said(past()).findings().getFirst();
    assertThat(finding.getId()).isNotEmpty();
    var service = TraceServiceGrpc.newBlockingStub(served.channel);
    ExplainRequest request = ExplainRequest.newBuilder().setId(finding.getId()).build();
    assertThat(service.explain(request).getFinding()).isEqualTo(finding);
    assertThatThrownBy(() -> service.explain(ExplainRequest.newBuilder().setId("x-1").build()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("NOT_FOUND: no finding 'x-1' in the daemon's history");
  }

  @Test
  void events_are_told_as_they_are_seen_each_with_its_flow() throws Exception {
    RecordingObserver<WatchRequest, WatchResponse> calling = new RecordingObserver<>();
    TraceServiceGrpc.newStub(served.channel)
        .watch(
            WatchRequest.newBuilder()
                .addKinds(Kind.EVENT)
                .addAllow(WatchFilter.newBuilder().addHooks("veth_xmit"))
                .build(),
            calling);
    calling.next();
    echo(1).events().forEach(tracing.stream()::publish);
    tracing.publish(echo(2));
    WatchResponse response = calling.next();
    assertThat(response.getJourneysList()).isEmpty();
    assertThat(response.getEventsList()).hasSize(1);
    assertThat(response.getEvents(0).getHop().getHook()).isEqualTo("veth_xmit");
    assertThat(response.getEvents(0).getPacket()).startsWith("ICMP 192.168.1.1 > 192.168.1.2");
    assertThat(response.getEvents(0).getFlow().getProtocol()).isEqualTo("icmp");
  }

  @Test
  void status_says_how_full_the_history_is_and_what_became_of_each_clients_items()
      throws Exception {
    publish(1, 3);
    RecordingObserver<WatchRequest, WatchResponse> calling = new RecordingObserver<>();
    TraceServiceGrpc.newStub(served.channel)
        .watch(WatchRequest.newBuilder().setLast(2).build(), calling);
    assertThat(calling.next()).isEqualTo(WatchResponse.getDefaultInstance());
    assertThat(calling.next().getJourneysCount()).isEqualTo(2);
    served.awaitAnswer();
    StatusResponse status =
        StatusServiceGrpc.newBlockingStub(served.channel)
            .status(StatusRequest.getDefaultInstance());
    History journeys = status.getHistory(0);
    assertThat(journeys.getKind()).isEqualTo("journey");
    assertThat(journeys.getItems()).isEqualTo(3);
    assertThat(journeys.getBytes()).isBetween(1L, journeys.getMaxBytes());
    assertThat(journeys.getOldestUnixNs()).isPositive();
    assertThat(status.getHistory(1).getItems()).isZero();
    assertThat(status.getWatching(0).getCounts().getProduced()).isEqualTo(2);
    assertThat(status.getWatching(0).getQueued()).isZero();
  }

  @Test
  void a_filter_that_cannot_be_read_is_refused() throws Exception {
    for (WatchFilter filter :
        List.of(
            WatchFilter.newBuilder().addAddresses("10.0.0.0/33").build(),
            WatchFilter.newBuilder().addAddresses("example.org").build(),
            WatchFilter.newBuilder().addPorts(70_000).build(),
            WatchFilter.newBuilder().addProtocols("ipx").build())) {
      RecordingObserver<WatchRequest, WatchResponse> calling = new RecordingObserver<>();
      TraceServiceGrpc.newStub(served.channel)
          .watch(WatchRequest.newBuilder().addDeny(filter).build(), calling);
      assertThat(calling.end()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
  }

  @Test
  void more_clients_than_there_is_room_for_are_sent_away_until_one_has_left() throws Exception {
    List<RecordingObserver<WatchRequest, WatchResponse>> watching = new ArrayList<>();
    for (int i = 0; i < WatchClients.MAX; i++) {
      watching.add(watch());
      assertThat(watching.getLast().next()).isEqualTo(WatchResponse.getDefaultInstance());
    }
    assertThat(watch().end()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);

    watching.getFirst().leave();
    served.awaitClients(WatchClients.MAX - 1);
    while (tracing.clients.present().size() == WatchClients.MAX) {
      Thread.onSpinWait();
    }
    assertThat(watch().next()).isEqualTo(WatchResponse.getDefaultInstance());
  }

  private RecordingObserver<WatchRequest, WatchResponse> watch() {
    RecordingObserver<WatchRequest, WatchResponse> calling = new RecordingObserver<>();
    TraceServiceGrpc.newStub(served.channel).watch(WatchRequest.getDefaultInstance(), calling);
    return calling;
  }
}
