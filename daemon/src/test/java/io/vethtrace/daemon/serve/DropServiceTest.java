package io.vethtrace.daemon.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vethtrace.daemon.engine.feed.WatchClients;
import io.vethtrace.daemon.fixture.AwaitOtherThread;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.probe.counter.PacketCounter;
import io.vethtrace.v1.Drop;
import io.vethtrace.v1.DropCount;
import io.vethtrace.v1.DropDimension;
import io.vethtrace.v1.DropFilter;
import io.vethtrace.v1.DropReason;
import io.vethtrace.v1.DropServiceGrpc;
import io.vethtrace.v1.GetDropStatsRequest;
import io.vethtrace.v1.GetDropStatsResponse;
import io.vethtrace.v1.ListDropReasonsRequest;
import io.vethtrace.v1.ListDropReasonsResponse;
import io.vethtrace.v1.WatchDropsRequest;
import io.vethtrace.v1.WatchDropsResponse;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DropServiceTest {
  private static final TestDevice VETH0 = TestDevice.up(100, 2, "veth0");
  private static final TestDevice VETH1 = TestDevice.up(200, 3, "veth1");
  private static final TestKernel KERNEL = TestKernel.V7_3;
  private static final int FAILED = KERNEL.reason("NEIGH_FAILED");
  private static final int NO_SOCKET = KERNEL.reason("NO_SOCKET");
  private static final long INVALIDATE = TestKernel.place("neigh_invalidate");

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

  private DropServiceGrpc.DropServiceBlockingStub asking() {
    return DropServiceGrpc.newBlockingStub(served.channel);
  }

  /** A call that is watching. */
  private RecordingObserver<WatchDropsRequest, WatchDropsResponse> watch(WatchDropsRequest request)
      throws Exception {
    RecordingObserver<WatchDropsRequest, WatchDropsResponse> calling = new RecordingObserver<>();
    DropServiceGrpc.newStub(served.channel).watchDrops(request, calling);
    assertThat(calling.next()).isEqualTo(WatchDropsResponse.getDefaultInstance());
    return calling;
  }

  private static WatchDropsRequest only(DropFilter.Builder filter) {
    return WatchDropsRequest.newBuilder().setFilter(filter).build();
  }

  private static TracedSkb echo(int sequence) {
    return TracedSkb.of(Packets.echo("192.168.1.1", "192.168.1.2", 9, sequence));
  }

  private static TracedSkb echoReply(int sequence) {
    return TracedSkb.of(Packets.echoReply("192.168.1.2", "192.168.1.1", 9, sequence));
  }

  @Test
  void reasons_come_in_their_order_with_numbers_and_explanations() {
    ListDropReasonsResponse list =
        asking().listDropReasons(ListDropReasonsRequest.getDefaultInstance());
    assertThat(list.getReasonsList().stream().map(DropReason::getNumber)).isSorted();
    assertThat(list.getReasonsList())
        .filteredOn(reason -> reason.getName().equals("NEIGH_FAILED"))
        .singleElement()
        .satisfies(reason -> {
          assertThat(reason.getSubsystem()).isEqualTo("CORE");
          assertThat(reason.getNumber()).isEqualTo(58);
          assertThat(reason.getIsDrop()).isTrue();
          assertThat(reason.getExplanation()).contains("ARP");
        });
    assertThat(list.getReasonsList())
        .filteredOn(reason -> !reason.getIsDrop())
        .extracting(DropReason::getName)
        .containsExactly("NOT_DROPPED_YET", "CONSUMED");
    assertThat(list.getKernel()).isNotEmpty();
  }

  @Test
  void a_drop_arrives_with_reason_place_interface_namespace_and_packet() throws Exception {
    var calling = watch(WatchDropsRequest.getDefaultInstance());
    tracing.publish(echo(1).across(VETH0, VETH1).consumed(VETH1));
    tracing.publish(echo(2).dropped(VETH0, FAILED, INVALIDATE));
    Drop drop = calling.next().getDrops(0);
    assertThat(drop.getReason()).isEqualTo("NEIGH_FAILED");
    assertThat(drop.getExplanation()).contains("ARP");
    assertThat(drop.getPlace()).isEqualTo("neigh_invalidate");
    assertThat(drop.getInterface()).isEqualTo("veth0");
    assertThat(drop.getNetns()).isEqualTo("ns100");
    assertThat(drop.getNetnsInode()).isEqualTo(100);
    assertThat(drop.getPacket()).startsWith("ICMP 192.168.1.1 > 192.168.1.2, echo request");
    assertThat(drop.getHarmless()).isFalse();
  }

  @Test
  void what_is_no_fault_is_shown_to_those_alone_who_ask_for_it() throws Exception {
    var all = watch(WatchDropsRequest.newBuilder().setHarmless(true).build());
    var faults = watch(WatchDropsRequest.getDefaultInstance());
    tracing.publish(
        echoReply(1)
            .across(VETH1, VETH0)
            .droppedAsClone(VETH0, NO_SOCKET, TestKernel.place("ping_rcv")));
    tracing.publish(echo(2).dropped(VETH0, FAILED, INVALIDATE));
    assertThat(all.next().getDrops(0))
        .matches(drop -> drop.getHarmless() && drop.getReason().equals("NO_SOCKET"));
    assertThat(faults.next().getDropsList())
        .singleElement()
        .matches(drop -> drop.getReason().equals("NEIGH_FAILED"));
  }

  @Test
  void there_is_room_for_so_many_clients_and_for_another_when_one_leaves() throws Exception {
    WatchDropsRequest request = WatchDropsRequest.getDefaultInstance();
    var first = watch(request);
    for (int i = 1; i < WatchClients.MAX; i++) {
      watch(request);
    }
    assertThat(refused(request)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    first.leave();
    AwaitOtherThread.until("there is room", () -> isAdmitted(request));
  }

  private Status.Code refused(WatchDropsRequest request) throws Exception {
    RecordingObserver<WatchDropsRequest, WatchDropsResponse> calling = new RecordingObserver<>();
    DropServiceGrpc.newStub(served.channel).watchDrops(request, calling);
    return calling.end();
  }

  private boolean isAdmitted(WatchDropsRequest request) {
    try {
      var answers = asking().watchDrops(request);
      return answers.next().equals(WatchDropsResponse.getDefaultInstance());
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      return false;
    }
  }

  @Test
  void a_client_gets_the_drops_that_it_names_alone() throws Exception {
    var byReason = watch(only(DropFilter.newBuilder().addReasons("SKB_DROP_REASON_NEIGH_FAILED")));
    var byNumber = watch(only(DropFilter.newBuilder().addReasons("58").addReasons("99")));
    var byInterface = watch(only(DropFilter.newBuilder().addInterfaces("veth0")));
    var byNetns = watch(only(DropFilter.newBuilder().addNetns("100")));
    var byPlace = watch(only(DropFilter.newBuilder().addPlaces("neigh_invalidate")));
    var byPacket = watch(WatchDropsRequest.newBuilder().setExpression("icmp").build());
    tracing.publish(
        TracedSkb.of(Packets.arpRequest("192.168.1.1", "192.168.1.2"))
            .dropped(VETH1, KERNEL.reason("OTHERHOST"), TestKernel.place("ip_rcv_core")));
    tracing.publish(echo(1).dropped(VETH0, FAILED, INVALIDATE));
    for (var calling : List.of(byReason, byNumber, byInterface, byNetns, byPlace, byPacket)) {
      assertThat(calling.next().getDropsList())
          .singleElement()
          .matches(drop -> drop.getPlace().equals("neigh_invalidate"));
    }
  }

  @Test
  void a_client_that_reads_too_slowly_is_told_how_many_drops_it_missed() throws Exception {
    var calling = watch(WatchDropsRequest.getDefaultInstance());
    int published = 40_000;
    for (int sequence = 0; sequence < published; sequence++) {
      tracing.publish(echo(sequence).across(VETH0, VETH1).consumed(VETH1));
      tracing.publish(echo(sequence).dropped(VETH0, FAILED, INVALIDATE));
    }
    long received = 0;
    while (received < published) {
      WatchDropsResponse response = calling.next();
      received += response.getDropsCount() + response.getLost().getClient();
    }
    assertThat(received).as("received and lost, of drops alone").isEqualTo(published);
  }

  @Test
  void events_that_the_ring_lost_are_told() throws Exception {
    var calling = watch(WatchDropsRequest.getDefaultInstance());
    tracing.lost.addAndGet(7);
    assertThat(calling.next().getLost().getRing()).isEqualTo(7);
  }

  @Test
  void an_expression_that_is_none_is_refused_in_words() throws Exception {
    RecordingObserver<WatchDropsRequest, WatchDropsResponse> calling = new RecordingObserver<>();
    DropServiceGrpc.newStub(served.channel)
        .watchDrops(WatchDropsRequest.newBuilder().setExpression("tcpp").build(), calling);
    assertThat(calling.end()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  private void count(TestDevice dev, int reason, String place, long packets) {
    tracing.counters.add(
        new PacketCounter(
            TestKernel.place(place),
            reason,
            dev.ifindex(),
            dev.netns(),
            0,
            dev.name(),
            packets,
            packets * 84,
            false));
  }

  private static DropCount.Builder counted(long packets) {
    return DropCount.newBuilder().setPackets(packets).setBytes(packets * 84);
  }

  @Test
  void counts_are_told_apart_by_what_was_asked_for_the_greatest_first() {
    count(VETH0, FAILED, "neigh_invalidate", 3);
    count(VETH1, FAILED, "neigh_invalidate", 4);
    count(VETH1, NO_SOCKET, "__udp4_lib_rcv", 9);
    GetDropStatsRequest.Builder byReason =
        GetDropStatsRequest.newBuilder().addBy(DropDimension.DROP_DIMENSION_REASON);
    assertThat(asking().getDropStats(byReason.build()).getCountsList())
        .containsExactly(
            counted(9).setReason("NO_SOCKET").build(),
            counted(7).setReason("NEIGH_FAILED").build());
    byReason.setFilter(DropFilter.newBuilder().addInterfaces("veth0"));
    assertThat(asking().getDropStats(byReason.build()).getCountsList())
        .containsExactly(counted(3).setReason("NEIGH_FAILED").build());
    assertThat(asking().getDropStats(GetDropStatsRequest.getDefaultInstance()).getCountsList())
        .hasSize(3)
        .startsWith(
            counted(9)
                .setReason("NO_SOCKET")
                .setInterface("veth1")
                .setNetns("ns200")
                .setPlace("__udp4_lib_rcv")
                .build());
  }

  @Test
  void counts_without_interface_or_reason_are_not_passed_off_as_any() {
    tracing.counters.add(new PacketCounter(INVALIDATE, FAILED, 0, 0, 0, "", 5, 420, true));
    tracing.counters.add(new PacketCounter(0, PacketCounter.ANY_CODE, 0, 0, 0, "", 2, 200, true));
    GetDropStatsResponse stats = asking().getDropStats(GetDropStatsRequest.getDefaultInstance());
    assertThat(stats.getCountsList())
        .containsExactly(
            counted(5)
                .setReason("NEIGH_FAILED")
                .setInterface("other")
                .setNetns("other")
                .setPlace("neigh_invalidate")
                .build());
    assertThat(stats.getUnattributed()).isEqualTo(2);
  }

  @Test
  void counts_of_a_time_say_which_time_and_how_fine_it_is() {
    count(VETH0, FAILED, "neigh_invalidate", 3);
    tracing.unixNs.set(2_000);
    tracing.drops.keepMoment();
    tracing.unixNs.set(3_000);
    GetDropStatsResponse stats =
        asking().getDropStats(GetDropStatsRequest.newBuilder().setSinceUnixNs(2_500).build());
    assertThat(stats.getCountsList()).isEmpty();
    assertThat(stats.getSinceUnixNs()).isEqualTo(2_000);
    assertThat(stats.getUntilUnixNs()).isEqualTo(3_000);
    assertThat(stats.getGranularityMs()).isEqualTo(10_000);
  }

  @Test
  void a_time_that_ends_before_it_begins_is_refused() {
    GetDropStatsRequest backwards =
        GetDropStatsRequest.newBuilder().setSinceUnixNs(2).setUntilUnixNs(1).build();
    assertThatThrownBy(() -> asking().getDropStats(backwards))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
  }
}
