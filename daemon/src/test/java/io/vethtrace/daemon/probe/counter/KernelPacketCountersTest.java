package io.vethtrace.daemon.probe.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.kernel.drop.DropReasons;
import io.vethtrace.daemon.libbpf.MappedMemory;
import io.vethtrace.daemon.probe.ProbeOptions;
import io.vethtrace.daemon.probe.ProbedNetns;
import io.vethtrace.daemon.probe.Probes;
import io.vethtrace.daemon.probe.RunningKernel;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The counts of the running kernel, with a ring so small that nearly every event is lost. */
class KernelPacketCountersTest {
  private static final int SENT = 5000;
  private static final int NOWHERE = 9; // port: discard, which nobody listens on

  @BeforeAll
  static void needs_root() throws IOException {
    RunningKernel.requireRoot();
  }

  @Test
  void every_drop_is_counted_by_reason_and_place_though_the_ring_is_full() throws Exception {
    try (ProbedNetns netns = ProbedNetns.create();
        Probes probes = Probes.open(new ProbeOptions(MappedMemory.pageBytes()))) {
      send(netns);
      List<PacketCounter> drops =
          of(netns, probes.packetCounters(), CounterKind.DROPS).stream()
              .filter(counter -> reason(counter).equals("NO_SOCKET"))
              .toList();
      assertThat(probes.lost()).isGreaterThan(SENT);
      assertThat(drops).extracting(PacketCounter::packets).containsExactly((long) SENT);
      assertThat(drops)
          .allMatch(drop -> drop.ifname().equals("lo") && drop.ifindex() == 1)
          // of the datagram its UDP header is left when nobody takes it
          .allMatch(drop -> drop.location() != 0 && drop.bytes() == SENT * 13L);
    }
  }

  @Test
  void every_frame_on_lo_is_counted_though_the_ring_is_full() throws Exception {
    try (ProbedNetns netns = ProbedNetns.create();
        Probes probes = Probes.open(new ProbeOptions(MappedMemory.pageBytes()))) {
      send(netns);
      List<PacketCounter> traffic = of(netns, probes.packetCounters(), CounterKind.TRAFFIC);
      long frames = number(netns, "tx_packets");
      assertThat(traffic)
          .extracting(PacketCounter::packets)
          .containsExactly(frames, frames)
          .allMatch(packets -> packets >= SENT);
      assertThat(traffic)
          .extracting(counter -> TrafficKind.of(counter.code()))
          .containsExactlyInAnyOrder(TrafficKind.LOOPBACK_TRANSMIT, TrafficKind.LOOPBACK_RECEIVE);
      // drivers/net/loopback.c counts behind the MAC header
      assertThat(traffic)
          .extracting(PacketCounter::bytes)
          .containsOnly(number(netns, "tx_bytes") + 14 * frames);
    }
  }

  @Test
  void what_is_retired_stays_in_the_sum_and_leaves_room_in_the_kernel() throws Exception {
    try (ProbedNetns netns = ProbedNetns.create();
        Probes probes = Probes.open(new ProbeOptions(MappedMemory.pageBytes()))) {
      send(netns);
      KernelPacketCounters counters = probes.packetCounters();
      int inode = netns.inode();
      assertThat(counters.retire(CounterKind.TRAFFIC, counter -> counter.netns() == inode))
          .hasSize(2);
      assertThat(of(netns, counters, CounterKind.TRAFFIC)).isEmpty();
      long frames = number(netns, "tx_packets");
      assertThat(counters.read(CounterKind.TRAFFIC))
          .filteredOn(PacketCounter::folded)
          .allMatch(counter -> counter.ifname().isEmpty() && counter.netns() == 0)
          .extracting(PacketCounter::packets)
          .containsExactly(frames, frames);
      send(netns);
      assertThat(of(netns, counters, CounterKind.TRAFFIC))
          .extracting(PacketCounter::packets)
          .containsOnly(number(netns, "tx_packets") - frames);
    }
  }

  @Test
  void closed_probes_count_nothing_and_do_not_fault() {
    Probes probes = Probes.open(new ProbeOptions(MappedMemory.pageBytes()));
    KernelPacketCounters counters = probes.packetCounters();
    probes.close();
    assertThat(counters.read(CounterKind.DROPS)).isEmpty();
    assertThat(counters.retire(CounterKind.DROPS, _ -> true)).isEmpty();
  }

  private static void send(ProbedNetns netns) throws Exception {
    netns.run(
        "python3",
        "-c",
        """
        import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for i in range(%d): s.sendto(b'hello', ('127.0.0.1', %d))
        """
            .formatted(SENT, NOWHERE));
  }

  private static List<PacketCounter> of(
      ProbedNetns netns, KernelPacketCounters counters, CounterKind kind) throws IOException {
    int inode = netns.inode();
    return counters.read(kind).stream().filter(counter -> counter.netns() == inode).toList();
  }

  private static String reason(PacketCounter counter) {
    return DropReasons.ofRunningKernel().nameOrNumber(counter.code());
  }

  private static long number(ProbedNetns netns, String counter) throws Exception {
    return Long.parseLong(netns.run("cat", "/sys/class/net/lo/statistics/" + counter).strip());
  }
}
