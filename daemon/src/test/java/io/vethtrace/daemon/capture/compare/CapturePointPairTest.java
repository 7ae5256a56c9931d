package io.vethtrace.daemon.capture.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.capture.compare.CapturePointMatch.Ambiguous;
import io.vethtrace.daemon.capture.compare.CapturePointMatch.Unmatched;
import io.vethtrace.daemon.capture.compare.CapturePointMatch.Why;
import io.vethtrace.daemon.capture.compare.CapturePointPair.Count;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.packet.Frame;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CapturePointPairTest {
  private static final Frame ARP = Packets.arpRequest("10.0.0.1", "10.0.0.2");
  private static final Frame UDP = Packets.udp("10.0.0.1", 1, "10.0.0.2", 2);

  @TempDir private Path directory;

  private CaptureScene scene() {
    return new CaptureScene(directory);
  }

  private static List<Long> laterNs(CapturePointPair pairing) {
    return pairing.hops().stream().map(CapturePointPair.Hop::laterNs).toList();
  }

  private static CapturePointMatch of(CapturePointPair pairing, String ifname, int index) {
    int point = pairing.one().ifname().equals(ifname) ? pairing.one().id() : pairing.other().id();
    List<FrameRecord> frameRecords =
        pairing.frameRecords().stream().filter(s -> s.point() == point).toList();
    return pairing.match(frameRecords.get(index));
  }

  @Test
  void equal_requests_a_second_apart_are_told_apart_by_time() {
    CapturePointPair pairing =
        scene()
            .saw("a", 0, ARP)
            .saw("b", 40, ARP)
            .saw("a", 1_000_000, ARP) // lost on the way
            .saw("a", 2_000_000, ARP)
            .saw("b", 2_000_050, ARP)
            .saw("a", 3_000_000, UDP)
            .saw("b", 3_000_000, UDP)
            .pairing();

    assertThat(laterNs(pairing)).containsExactly(40_000L, 50_000L, 0L);
    assertThat(of(pairing, "a", 1)).isEqualTo(new Unmatched(Why.ANOTHER_TIME));
    assertThat(pairing.countOfOne()).isEqualTo(new Count(3, 0, 1));
  }

  @Test
  void equal_frames_in_a_burst_are_told_apart_by_their_order() {
    CaptureScene scene = scene();
    for (int i = 0; i < 10; i++) {
      scene.saw("a", 10L * i, ARP).saw("b", 10L * i + 35, ARP);
    }
    assertThat(laterNs(scene.pairing())).hasSize(10).containsOnly(35_000L);
  }

  @Test
  void a_burst_of_equal_frames_that_lost_one_is_ambiguous_between_its_frames() {
    CapturePointPair pairing =
        scene()
            .saw("a", 0, ARP)
            .saw("a", 10, ARP)
            .saw("a", 20, ARP)
            .saw("b", 30, ARP)
            .saw("b", 40, ARP)
            .pairing();

    assertThat(pairing.countOfOne()).isEqualTo(new Count(0, 3, 0));
    assertThat(pairing.countOfOther()).isEqualTo(new Count(0, 2, 0));
    assertThat(of(pairing, "a", 0))
        .isInstanceOfSatisfying(
            Ambiguous.class,
            ambiguous ->
                assertThat(ambiguous.between())
                    .extracting(FrameRecord::number)
                    .containsExactly(1L, 2L));
  }

  @Test
  void a_frame_without_twin_says_why() {
    CapturePointPair pairing =
        scene()
            .saw("a", 0, ARP)
            .saw("a", 500_000, UDP)
            .saw("b", 500_010, UDP)
            .saw("a", 600_000, Packets.udp("10.0.0.1", 3, "10.0.0.9", 4))
            .saw("a", 700_000, Packets.echo("10.0.0.1", "10.0.0.2", 1, 1))
            .saw("b", 700_010, Packets.echo("10.0.0.1", "10.0.0.2", 1, 1))
            .saw("a", 800_000, Packets.echo("10.0.0.1", "10.0.0.2", 1, 2))
            .pairing();

    assertThat(of(pairing, "a", 0)).isEqualTo(new Unmatched(Why.BEFORE_IT_BEGAN));
    assertThat(of(pairing, "a", 2)).isEqualTo(new Unmatched(Why.NOT_SEEN));
    assertThat(of(pairing, "a", 4)).isEqualTo(new Unmatched(Why.AFTER_IT_ENDED));
  }

  @Test
  void the_same_bytes_at_another_time_are_another_frame() {
    CapturePointPair pairing =
        scene()
            .saw("a", 0, UDP)
            .saw("b", 0, UDP)
            .saw("a", 5_000_000, ARP)
            .saw("b", 8_000_000, ARP)
            .pairing();
    assertThat(of(pairing, "a", 1)).isEqualTo(new Unmatched(Why.ANOTHER_TIME));
  }

  @Test
  void a_packet_that_nat_and_a_router_changed_is_the_same_by_its_fingerprint() {
    byte[] payload = Packets.datagram(5, 6, (byte) 1, (byte) 2, (byte) 3);
    Frame inside = Packets.ip4("10.0.0.1", "8.8.8.8", Packets.UDP, 77, 64, payload);
    byte[] translated = Packets.datagram(50, 6, (byte) 1, (byte) 2, (byte) 3);
    Frame outside = Packets.ip4("192.0.2.1", "8.8.8.8", Packets.UDP, 77, 63, translated);
    CapturePointPair pairing = scene().saw("in", 0, inside).saw("out", 90, outside).pairing();

    assertThat(pairing.hops()).hasSize(1);
    assertThat(pairing.hops().getFirst().sameBytes()).isFalse();
    assertThat(laterNs(pairing)).containsExactly(90_000L);
  }

  @Test
  void files_are_named_by_the_device_that_their_names_begin_with() {
    assertThat(CaptureFilePoint.ifnameOf("veth0before.pcap")).isEqualTo("veth0");
    assertThat(CaptureFilePoint.ifnameOf("veth0-2.pcapng")).isEqualTo("veth0");
    assertThat(CaptureFilePoint.ifnameOf("lo.pcap")).isEqualTo("lo");
    assertThat(CaptureFilePoint.ifnameOf("trace.pcap")).isEqualTo("trace");
    assertThat(CaptureFilePoint.ifnameOf("2024-01-30.cap")).isEqualTo("2024-01-30");
  }
}
