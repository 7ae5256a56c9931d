package io.vethtrace.daemon.packet;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.Bytes;
import io.vethtrace.daemon.fixture.Packets;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  private static final String A = "192.168.1.1";
  private static final String B = "192.168.1.2";
  private static final byte[] KEY = {1, 2, 3, 4, 5, 6, 7, 8};
  private static final byte[] OTHER_KEY = {1, 2, 3, 4, 5, 6, 7, 9};

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
  void a_first_segment_that_gro_lets_grow_keeps_its_fingerprint() {
    byte[] segment = Packets.segment(80, 1000, 77, 88);
    Frame first = Packets.ip4(A, B, Packets.TCP, 5, 64, segment);
    Frame grown = Packets.with(Packets.with(first, 2, 0x20), 20 + 13, 0x18); // length; PSH
    assertThat(of(grown)).isEqualTo(of(first));

    Frame datagram = Packets.ip4(A, B, Packets.UDP, 0, 64, Packets.datagram(1, 2, KEY));
    Frame grownDatagram = Packets.with(Packets.with(datagram, 2, 0x20), 20 + 4, 0x20);
    assertThat(of(grownDatagram)).isEqualTo(of(datagram));
  }

  @Test
  void a_datagram_is_known_by_the_beginning_of_what_it_carries() {
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      byte[] payload = ByteBuffer.allocate(40).putLong(i).array();
      byte[] datagram = Packets.datagram(1, 2, payload);
      assertThat(seen.add(of(Packets.ip4(A, B, Packets.UDP, 0, 64, datagram)))).isTrue();
      assertThat(seen.add(of(Packets.ip6("fd00::1", "fd00::2", Packets.UDP, 64, datagram))))
          .isTrue();
    }
  }

  @Test
  void padding_behind_a_short_datagram_is_none_of_it() {
    Frame sent = Packets.ip4(A, B, Packets.UDP, 0, 64, Packets.datagram(1, 2, (byte) 7));
    byte[] bytes = Packets.bytes(sent);
    byte[] padded = ByteBuffer.allocate(46).put(bytes).put((byte) 0x99).array();
    assertThat(of(new Frame(EtherType.IPV4, 0, padded))).isEqualTo(of(sent));
  }

  @Test
  void payload_that_was_not_captured_leaves_the_headers_to_agree() {
    Frame whole = Packets.ip4(A, B, Packets.UDP, 5, 64, Packets.datagram(1, 2, KEY));
    long headers = of(Packets.cut(whole, 28 + 7));
    long other = of(Packets.ip4(A, B, Packets.UDP, 5, 64, Packets.datagram(1, 2, OTHER_KEY)));
    long otherId = of(Packets.ip4(A, B, Packets.UDP, 6, 64, Packets.datagram(1, 2, KEY)));

    assertThat(Fingerprint.isPartial(headers)).isTrue();
    assertThat(Fingerprint.isPartial(of(whole))).isFalse();
    assertThat(Fingerprint.agree(headers, of(whole))).isTrue();
    assertThat(Fingerprint.agree(of(whole), headers)).isTrue();
    assertThat(Fingerprint.agree(other, headers)).isTrue();
    assertThat(Fingerprint.agree(other, of(whole))).isFalse();
    assertThat(Fingerprint.agree(otherId, headers)).isFalse();
    assertThat(Fingerprint.agree(Fingerprint.UNKNOWN, Fingerprint.UNKNOWN)).isFalse();
  }

  @Test
  void segments_differ_by_sequence_and_by_acknowledgement() {
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < 300; i++) {
      byte[] data = Packets.segment(80, 1000, i, 0);
      byte[] acknowledgement = Packets.segment(80, 1000, 1000, 1 + i);
      for (byte[] segment : new byte[][] {data, acknowledgement}) {
        assertThat(seen.add(of(Packets.ip4(A, B, Packets.TCP, 0, 64, segment)))).isTrue();
        assertThat(seen.add(of(Packets.ip6("fd00::1", "fd00::2", Packets.TCP, 64, segment))))
            .isTrue();
      }
    }
  }

  @Test
  void reassembly_keeps_the_fingerprint_of_the_first_fragment_and_later_ones_have_their_own() {
    Frame whole = Packets.ip4(A, B, Packets.UDP, 9, 64, Packets.datagram(1, 2, KEY));
    Frame first = Packets.with(Packets.with(whole, 6, 0x20), 2, 0x5); // more fragments; length
    assertThat(of(first)).isEqualTo(of(whole));
    Frame second = Packets.with(first, 7, 185);
    Frame third = Packets.with(first, 7, 186);
    assertThat(Set.of(of(whole), of(second), of(third))).hasSize(3);

    byte[] datagram = Packets.datagram(1, 2, KEY);
    Frame whole6 = Packets.ip6("fd00::1", "fd00::2", Packets.UDP, 64, datagram);
    assertThat(of(fragment6(datagram, 0, 33))).isEqualTo(of(whole6));
    assertThat(
            Set.of(of(whole6), of(fragment6(datagram, 185, 33)), of(fragment6(datagram, 185, 34))))
        .hasSize(3);
  }

  private static Frame fragment6(byte[] payload, int offset, int id) {
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + payload.length).put((byte) Packets.UDP).put((byte) 0);
    bytes.putShort((short) (offset << 3 | 1)).putInt(id).put(payload);
    return Packets.ip6("fd00::1", "fd00::2", 44, 64, bytes.array());
  }

  @Test
  void an_icmp_error_is_known_by_what_it_quotes_whatever_nat_did_to_that() {
    Frame about = Packets.ip4(A, B, Packets.UDP, 21, 64, Packets.ports(1000, 53));
    Frame translated = Packets.ip4("10.0.0.1", B, Packets.UDP, 21, 9, Packets.ports(61000, 53));
    Frame another = Packets.ip4(A, B, Packets.UDP, 22, 64, Packets.ports(1000, 53));
    long error = of(Packets.icmpError(B, A, 3, about));

    assertThat(of(Packets.icmpError(B, "10.0.0.1", 3, translated))).isEqualTo(error);
    assertThat(of(Packets.icmpError(B, A, 3, another))).isNotEqualTo(error);
    assertThat(of(Packets.icmpError(B, A, 11, about))).isNotEqualTo(error);
    Frame cut = Packets.cut(Packets.icmpError(B, A, 3, about), 20 + 8 + 27);
    assertThat(Fingerprint.agree(of(cut), error)).isTrue();
  }

  @Test
  void neighbour_solicitations_differ_by_their_target() {
    byte[] header = Packets.icmp(135, 0, 0, 0);
    byte[] target = Packets.ip("fd00::7").getAddress();
    byte[] other = Packets.ip("fd00::8").getAddress();
    assertThat(of(Packets.ip6("fd00::1", "ff02::1", 58, 255, Bytes.concat(header, target))))
        .isNotEqualTo(of(Packets.ip6("fd00::1", "ff02::1", 58, 255, Bytes.concat(header, other))));
  }

  @Test
  void protocols_without_a_rule_are_known_by_their_first_bytes() {
    assertThat(of(Packets.ip4(A, B, 50, 0, 64, KEY)))
        .isNotEqualTo(of(Packets.ip4(A, B, 50, 0, 64, OTHER_KEY)));
    byte[] sctp = ByteBuffer.allocate(28).putInt(0x10002).putInt(99).array();
    byte[] ported = ByteBuffer.allocate(28).putInt(0x70008).putInt(99).putInt(0x55).array();
    byte[] tagged = ByteBuffer.allocate(28).putInt(0x10002).putInt(98).array();
    assertThat(of(Packets.ip4(A, B, 132, 0, 64, ported)))
        .isEqualTo(of(Packets.ip4(A, B, 132, 0, 64, sctp)));
    assertThat(of(Packets.ip4(A, B, 132, 0, 64, tagged)))
        .isNotEqualTo(of(Packets.ip4(A, B, 132, 0, 64, sctp)));
  }

  @Test
  void vlan_tags_change_nothing_wherever_the_kernel_says_the_header_is() {
    for (Frame frame : List.of(Packets.arpRequest(A, B), datagram(A, B, 5, 64, 1))) {
      for (boolean atTag : new boolean[] {true, false}) {
        assertThat(of(Packets.tagged(frame, atTag, 0x8100))).isEqualTo(of(frame));
        assertThat(of(Packets.tagged(frame, atTag, 0x88a8, 0x8100))).isEqualTo(of(frame));
      }
    }
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
    assertThat(of(Packets.cut(datagram(A, B, 1, 64, 1), 19))).isEqualTo(Fingerprint.UNKNOWN);
    assertThat(of(Packets.cut(Packets.routerSolicitation(), 47))).isEqualTo(Fingerprint.UNKNOWN);
    assertThat(of(new Frame(0x88cc, 0, new byte[100]))).isEqualTo(Fingerprint.UNKNOWN);
    assertThat(of(Packets.echo(A, B, 1, 1))).isNotEqualTo(Fingerprint.UNKNOWN);
  }
}
