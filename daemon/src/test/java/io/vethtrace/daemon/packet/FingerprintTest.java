package io.vethtrace.daemon.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.fixture.Packets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  private static final String A = "192.168.1.1";
  private static final String B = "192.168.1.2";

  private static long of(Frame frame) {
    return Fingerprint.of(frame);
  }

  private static Frame datagram(String source, String destination, int id, int ttl, int sport) {
    return Packets.ip4(source, destination, Packets.UDP, id, ttl, Packets.ports(sport, 53));
  }

  @Test
  void a_router_changes_the_time_to_live_and_not_the_fingerprint() {
    assertThat(of(datagram(A, B, 5, 63, 1))).isEqualTo(of(datagram(A, B, 5, 64, 1)));
    byte[] echo = Packets.icmp(128, 0, 1, 1);
    assertThat(of(Packets.ip6("fd00::1", "fd00::2", 58, 63, echo)))
        .isEqualTo(of(Packets.ip6("fd00::1", "fd00::2", 58, 64, echo)));
  }

  @Test
  void nat_changes_addresses_ports_and_checksums_and_not_the_fingerprint() {
    Frame before = datagram(A, B, 5, 64, 1000);
    Frame after = Packets.with(datagram("10.0.0.1", "8.8.8.8", 5, 64, 61000), 10, 0x55);
    assertThat(of(Packets.with(after, 27, 0x66))).isEqualTo(of(before));
  }

  @Test
  void where_the_network_header_starts_does_not_matter() {
    Frame echo = Packets.echo(A, B, 1, 1);
    assertThat(of(Packets.behindMac(echo))).isEqualTo(of(echo));
  }

  @Test
  void packets_that_differ_in_identity_differ() {
    Set<Long> seen = new HashSet<>();
    byte[] icmp = Packets.icmp(8, 0, 1, 1);
    assertThat(seen.add(of(Packets.ip4(A, B, Packets.ICMP, 1, 64, icmp)))).isTrue();
    for (int sequence = 2; sequence < 500; sequence++) {
      byte[] other = Packets.icmp(8, 0, 1, sequence);
      assertThat(seen.add(of(Packets.ip4(A, B, Packets.ICMP, 1, 64, other)))).isTrue();
    }
    for (int id = 2; id < 500; id++) {
      assertThat(seen.add(of(Packets.ip4(A, B, Packets.ICMP, id, 64, icmp)))).isTrue();
      assertThat(seen.add(of(datagram(A, B, id, 64, 1)))).isTrue();
    }
  }

  @Test
  void arp_packets_differ_by_operation_and_by_address() {
    Set<Long> seen = new HashSet<>();
    assertThat(seen.add(of(Packets.arpRequest(A, B)))).isTrue();
    assertThat(seen.add(of(Packets.arpReply(A, B)))).isTrue();
    assertThat(seen.add(of(Packets.arpRequest(B, A)))).isTrue();
    for (int host = 3; host < 250; host++) {
      assertThat(seen.add(of(Packets.arpRequest(A, "192.168.1." + host)))).isTrue();
    }
    assertThat(of(Packets.arpRequest(A, B))).isEqualTo(of(Packets.arpRequest(A, B)));
  }

  @Test
  void what_is_too_short_or_not_known_has_none() {
    assertThat(of(Packets.cut(Packets.arpRequest(A, B), 27))).isEqualTo(Fingerprint.UNKNOWN);
    assertThat(of(Packets.cut(Packets.echo(A, B, 1, 1), 27))).isEqualTo(Fingerprint.UNKNOWN);
    assertThat(of(Packets.cut(Packets.routerSolicitation(), 47))).isEqualTo(Fingerprint.UNKNOWN);
    assertThat(of(new Frame(0x88cc, 0, new byte[100]))).isEqualTo(Fingerprint.UNKNOWN);
    assertThat(of(Packets.echo(A, B, 1, 1))).isNotEqualTo(Fingerprint.UNKNOWN);
  }
}
