package io.vethtrace.daemon.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.kernel.DropReasons;
import io.vethtrace.daemon.libbpf.MappedMemory;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On the running kernel, with a ring so small that nearly every event is lost. */
class TalliesTest {
  private static final int SENT = 5000;
  private static final int NOWHERE = 9; // port: discard, which nobody listens on

  @BeforeAll
  static void needs_root() throws IOException {
    Native.requireRoot();
  }

  @Test
  void every_drop_is_counted_by_reason_and_place_though_the_ring_is_full() throws Exception {
    try (TestNetns netns = TestNetns.create();
        Probes probes = Probes.open(new ProbeOptions(MappedMemory.pageBytes()))) {
      send(netns);
      List<Tally> drops =
          of(netns, probes.tallies(), Tallied.DROPS).stream()
              .filter(tally -> reason(tally).equals("NO_SOCKET"))
              .toList();
      assertThat(probes.lost()).isGreaterThan(SENT);
      assertThat(drops).extracting(Tally::packets).containsExactly((long) SENT);
      assertThat(drops)
          .allMatch(drop -> drop.ifname().equals("lo") && drop.ifindex() == 1)
          // of the datagram its UDP header is left when nobody takes it
          .allMatch(drop -> drop.place() != 0 && drop.bytes() == SENT * 13L);
    }
  }

  @Test
  void every_frame_on_lo_is_counted_though_the_ring_is_full() throws Exception {
    try (TestNetns netns = TestNetns.create();
        Probes probes = Probes.open(new ProbeOptions(MappedMemory.pageBytes()))) {
      send(netns);
      List<Tally> traffic = of(netns, probes.tallies(), Tallied.TRAFFIC);
      long frames = number(netns, "tx_packets");
      assertThat(traffic)
          .extracting(Tally::packets)
          .containsExactly(frames, frames)
          .allMatch(packets -> packets >= SENT);
      assertThat(traffic)
          .extracting(tally -> Traffic.of(tally.code()))
          .containsExactlyInAnyOrder(Traffic.LOOPBACK_TRANSMIT, Traffic.LOOPBACK_RECEIVE);
      // drivers/net/loopback.c counts behind the MAC header
      assertThat(traffic)
          .extracting(Tally::bytes)
          .containsOnly(number(netns, "tx_bytes") + 14 * frames);
    }
  }

  @Test
  void what_is_retired_stays_in_the_sum_and_leaves_room_in_the_kernel() throws Exception {
    try (TestNetns netns = TestNetns.create();
        Probes probes = Probes.open(new ProbeOptions(MappedMemory.pageBytes()))) {
      send(netns);
      Tallies tallies = probes.tallies();
      int inode = netns.inode();
      assertThat(tallies.retire(Tallied.TRAFFIC, tally -> tally.netns() == inode)).hasSize(2);
      assertThat(of(netns, tallies, Tallied.TRAFFIC)).isEmpty();
      long frames = number(netns, "tx_packets");
      assertThat(tallies.read(Tallied.TRAFFIC))
          .filteredOn(Tally::folded)
          .allMatch(tally -> tally.ifname().isEmpty() && tally.netns() == 0)
          .extracting(Tally::packets)
          .containsExactly(frames, frames);
      send(netns);
      assertThat(of(netns, tallies, Tallied.TRAFFIC))
          .extracting(Tally::packets)
          .containsOnly(number(netns, "tx_packets") - frames);
    }
  }

  @Test
  void closed_probes_count_nothing_and_do_not_fault() {
    Probes probes = Probes.open(new ProbeOptions(MappedMemory.pageBytes()));
    Tallies tallies = probes.tallies();
    probes.close();
    assertThat(tallies.read(Tallied.DROPS)).isEmpty();
    assertThat(tallies.retire(Tallied.DROPS, _ -> true)).isEmpty();
  }

  private static void send(TestNetns netns) throws Exception {
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

  private static List<Tally> of(TestNetns netns, Tallies tallies, Tallied kind) throws IOException {
    int inode = netns.inode();
    return tallies.read(kind).stream().filter(tally -> tally.netns() == inode).toList();
  }

  private static String reason(Tally tally) {
    return DropReasons.ofRunningKernel().nameOrNumber(tally.code());
  }

  private static long number(TestNetns netns, String counter) throws Exception {
    return Long.parseLong(netns.run("cat", "/sys/class/net/lo/statistics/" + counter).strip());
  }
}
