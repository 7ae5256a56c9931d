package io.vethtrace.daemon.serve;

import static io.vethtrace.daemon.trace.Hook.VETH_XMIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Journey;
import io.vethtrace.v1.TraceServiceGrpc;
import io.vethtrace.v1.WhyReport;
import io.vethtrace.v1.WhyRequest;
import io.vethtrace.v1.WhyResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WhyServiceTest {
  private static final String A = "192.168.1.1";
  private static final String B = "192.168.1.2";
  private static final TestDevice VETH0 = TestDevice.up(100, 2, "veth0");
  private static final TestDevice VETH1 = TestDevice.up(100, 3, "veth1");

  private final HandMadeTracing tracing = new HandMadeTracing();
  private final RecordingObserver<WhyRequest, WhyResponse> answers = new RecordingObserver<>();
  private ServerFixture served;
  private StreamObserver<WhyRequest> call;

  @BeforeEach
  void call() throws IOException {
    served = new ServerFixture(tracing);
    call = TraceServiceGrpc.newStub(served.channel).why(answers);
  }

  @AfterEach
  void stop() throws Exception {
    served.close();
  }

  private static WhyRequest begin() {
    return WhyRequest.newBuilder().setBegin(WhyRequest.Begin.getDefaultInstance()).build();
  }

  private static WhyRequest scope(int netns) {
    return WhyRequest.newBuilder()
        .setScope(WhyRequest.Scope.newBuilder().setNetnsInode(netns))
        .build();
  }

  private static WhyRequest ended(int settleMs) {
    return WhyRequest.newBuilder()
        .setEnded(WhyRequest.Ended.newBuilder().setSettleMs(settleMs))
        .build();
  }

  private void beginAndAwaitReady() throws InterruptedException {
    call.onNext(begin());
    assertThat(answers.next().hasReady()).isTrue();
  }

  private WhyReport report() throws Exception {
    WhyResponse response = answers.next();
    assertThat(response.hasReport()).isTrue();
    assertThat(answers.end()).isEqualTo(Status.Code.OK);
    served.awaitClients(0);
    return response.getReport();
  }

  private static TracedSkb refused() {
    return TracedSkb.of(Packets.arpRequest(A, B))
        .now()
        .across(VETH0, VETH1)
        .validated(VETH1, -87, null)
        .consumed(VETH1);
  }

  private static TracedSkb echo() {
    return TracedSkb.of(Packets.echo(A, B, 9, 1)).now().across(VETH0, VETH1).consumed(VETH1);
  }

  private static TracedSkb reply() {
    return TracedSkb.of(Packets.echoReply(B, A, 9, 1)).now().across(VETH1, VETH0).consumed(VETH0);
  }

  @Test
  void a_command_whose_packets_were_refused_gets_the_finding_and_the_journeys() throws Exception {
    beginAndAwaitReady();
    tracing.publish(refused());
    call.onNext(scope(100));
    call.onNext(ended(0));

    WhyReport report = report();
    assertThat(report.getFindingsList())
        .extracting(Finding::getCause)
        .containsExactly(Finding.Cause.SOURCE_ADDRESS_IS_LOCAL);
    assertThat(report.getFindings(0).getReturnValue()).isEqualTo(-87);
    assertThat(report.getJourneysList()).hasSize(1);
    assertThat(report.getLostEvents()).isZero();
  }

  @Test
  void a_command_without_a_fault_gets_its_journeys_in_order_of_their_first_sight()
      throws Exception {
    beginAndAwaitReady();
    TracedSkb echo = echo();
    tracing.publish(reply());
    tracing.publish(echo);
    call.onNext(ended(0));

    WhyReport report = report();
    assertThat(report.getFindingsList()).isEmpty();
    assertThat(report.getJourneysList())
        .extracting(Journey::getPacket)
        .satisfiesExactly(
            first -> assertThat(first).contains("echo request"),
            second -> assertThat(second).contains("echo reply"));
  }

  @Test
  void what_was_seen_before_the_beginning_is_not_in_the_report() throws Exception {
    tracing.publish(refused());
    beginAndAwaitReady();
    call.onNext(ended(0));
    assertThat(report()).isEqualTo(WhyReport.getDefaultInstance());
  }

  /** Tests a packet of the command before, which was freed as its neighbour was forgotten. */
  @Test
  void what_began_before_the_command_and_comes_late_is_not_the_commands() throws Exception {
    TracedSkb late = refused();
    beginAndAwaitReady();
    tracing.publish(late);
    call.onNext(ended(0));
    assertThat(report()).isEqualTo(WhyReport.getDefaultInstance());
  }

  @Test
  void packets_of_other_namespaces_are_not_the_commands() throws Exception {
    beginAndAwaitReady();
    tracing.publish(refused());
    tracing.publish(echo());
    TestDevice foreign = TestDevice.up(777, 2, "veth0");
    tracing.publish(TracedSkb.of(Packets.udp(A, 1, B, 2)).now().dropped(foreign, 64, 0));
    call.onNext(scope(777));
    call.onNext(ended(0));

    WhyReport report = report();
    assertThat(report.getFindingsList())
        .extracting(Finding::getCause)
        .containsExactly(Finding.Cause.QUEUE_FULL);
    assertThat(report.getJourneysCount()).isEqualTo(1);
  }

  @Test
  void the_neighbour_that_a_router_asks_for_on_behalf_of_the_command_is_the_commands()
      throws Exception {
    beginAndAwaitReady();
    TestDevice left = TestDevice.up(200, 2, "left");
    TestDevice right = TestDevice.up(200, 3, "right");
    TestDevice other = TestDevice.up(300, 2, "eth0");
    tracing.publish(TracedSkb.of(Packets.echo(A, "10.0.2.2", 9, 1)).now().across(VETH0, left));
    tracing.publish(
        TracedSkb.of(Packets.arpRequest("10.0.2.1", "10.0.2.2")).now().at(VETH_XMIT, right));
    tracing.publish(
        TracedSkb.of(Packets.arpRequest("10.0.3.1", "10.0.3.2")).now().at(VETH_XMIT, other));
    call.onNext(scope(100));
    call.onNext(ended(0));

    assertThat(report().getFindingsList())
        .extracting(Finding::getTitle)
        .containsExactly("nobody on right answers for 10.0.2.2");
  }

  @Test
  void what_ipv6_says_by_itself_is_not_shown() throws Exception {
    beginAndAwaitReady();
    tracing.publish(TracedSkb.of(Packets.routerSolicitation()).now().across(VETH0, VETH1));
    tracing.publish(echo());
    tracing.publish(reply());
    call.onNext(ended(0));
    assertThat(report().getJourneysCount()).isEqualTo(2);
  }

  @Test
  void an_answer_that_comes_after_the_commands_end_still_counts() throws Exception {
    beginAndAwaitReady();
    tracing.publish(echo());
    call.onNext(ended(600_000));
    tracing.publish(reply());
    assertThat(report().getFindingsList()).isEmpty();
  }

  @Test
  void what_begins_after_the_commands_end_is_not_the_commands() throws Exception {
    beginAndAwaitReady();
    long laterMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime()) + 60_000;
    tracing.publish(TracedSkb.of(Packets.arpRequest(A, B)).atMs(laterMs).across(VETH0, VETH1));
    call.onNext(ended(0));

    assertThat(report()).isEqualTo(WhyReport.getDefaultInstance());
  }

  @Test
  void what_is_on_its_way_as_the_command_ends_is_waited_for() throws Exception {
    CompletableFuture<Void> journeysEnded = tracing.delayJourneys();
    beginAndAwaitReady();
    call.onNext(ended(60_000));
    tracing.publish(refused());
    journeysEnded.complete(null);

    assertThat(report().getFindingsList())
        .extracting(Finding::getCause)
        .containsExactly(Finding.Cause.SOURCE_ADDRESS_IS_LOCAL);
  }

  @Test
  void without_time_to_settle_an_unanswered_echo_is_reported_at_once() throws Exception {
    beginAndAwaitReady();
    tracing.publish(echo());
    call.onNext(ended(0));
    assertThat(report().getFindings(0).getCause()).isEqualTo(Finding.Cause.UNKNOWN);
  }

  @Test
  void events_lost_since_the_beginning_are_counted() throws Exception {
    tracing.lost.set(100);
    beginAndAwaitReady();
    tracing.lost.set(103);
    call.onNext(ended(0));
    assertThat(report().getLostEvents()).isEqualTo(3);
  }

  @Test
  void a_client_may_close_its_side_when_it_has_said_that_the_command_ended() throws Exception {
    beginAndAwaitReady();
    call.onNext(ended(0));
    call.onCompleted();
    report();
  }

  @Test
  void a_first_message_that_is_not_begin_is_an_invalid_argument() throws Exception {
    call.onNext(ended(0));
    assertThat(answers.end()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(tracing.feed().clients()).isZero();
  }

  @Test
  void so_are_a_scope_first_an_empty_message_and_nothing_at_all() throws Exception {
    for (WhyRequest first : new WhyRequest[] {scope(1), WhyRequest.getDefaultInstance()}) {
      RecordingObserver<WhyRequest, WhyResponse> other = new RecordingObserver<>();
      StreamObserver<WhyRequest> wrong = TraceServiceGrpc.newStub(served.channel).why(other);
      wrong.onNext(first);
      wrong.onNext(scope(2));
      assertThat(other.end()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
    call.onCompleted();
    assertThat(answers.end()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void a_second_begin_is_an_invalid_argument_and_frees_the_subscription() throws Exception {
    beginAndAwaitReady();
    assertThat(tracing.feed().clients()).isEqualTo(1);
    call.onNext(begin());
    assertThat(answers.end()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    served.awaitClients(0);
  }

  @Test
  void a_client_that_closes_its_side_too_early_is_told_so_and_frees_its_subscription()
      throws Exception {
    beginAndAwaitReady();
    call.onCompleted();
    assertThat(answers.end()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    served.awaitClients(0);
  }

  @Test
  void a_client_that_leaves_after_the_beginning_frees_its_subscription() throws Exception {
    beginAndAwaitReady();
    answers.leave();
    served.awaitClients(0);
  }

  @Test
  void a_client_that_leaves_while_its_packets_settle_frees_its_subscription() throws Exception {
    beginAndAwaitReady();
    tracing.publish(echo());
    call.onNext(ended(600_000));
    call.onCompleted();
    served.awaitAnswer(); // by then the server knows that the client closed its side
    answers.leave();
    served.awaitClients(0);
  }

  @Test
  void a_connection_that_breaks_frees_the_subscription() throws Exception {
    beginAndAwaitReady();
    served.channel.shutdownNow();
    served.awaitClients(0);
  }
}
