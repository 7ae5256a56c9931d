package io.vethtrace.daemon.packet;

import static io.vethtrace.daemon.fixture.Packets.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.vethtrace.daemon.fixture.Packets;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketTest {
  private static final String A = "192.168.1.1";
  private static final String B = "192.168.1.2";

  private static Packet parse(Frame frame) {
    return Packet.parse(frame);
  }

  private static IpPacket parseIp(Frame frame) {
    return (IpPacket) Packet.parse(frame);
  }

  @Test
  void an_arp_request_and_its_reply_name_both_ends() {
    assertThat(parse(Packets.arpRequest(A, B))).isEqualTo(new Arp(1, ip(A), ip(B)));
    assertThat(parse(Packets.arpRequest(A, B)).summary())
        .isEqualTo("ARP who-has 192.168.1.2 tell 192.168.1.1");
    assertThat(parse(Packets.arpReply(B, A)).summary())
        .isEqualTo("ARP reply from 192.168.1.2 to 192.168.1.1");
    assertThat(parse(Packets.arp(9, A, B)).summary()).isEqualTo("ARP operation 9");
  }

  @Test
  void an_arp_probe_and_an_announcement_expect_nobody() {
    assertThat(((Arp) parse(Packets.arpRequest(A, A))).isAnnouncement()).isTrue();
    assertThat(((Arp) parse(Packets.arpRequest("0.0.0.0", A))).isAnnouncement()).isTrue();
    assertThat(((Arp) parse(Packets.arpRequest(A, B))).isAnnouncement()).isFalse();
  }

  @Test
  void an_echo_and_its_reply_have_identifier_and_sequence() {
    IpPacket echo = parseIp(Packets.echo(A, B, 0xbeef, 0xfffe));
    assertThat(echo.transport()).isEqualTo(new Icmp(false, 8, 0, 0xbeef, 0xfffe, null));
    assertThat(echo.ttl()).isEqualTo(64);
    assertThat(echo.summary())
        .isEqualTo("ICMP 192.168.1.1 > 192.168.1.2, echo request, id 48879, seq 65534");
    assertThat(parse(Packets.echoReply(B, A, 5, 1)).summary())
        .isEqualTo("ICMP 192.168.1.2 > 192.168.1.1, echo reply, id 5, seq 1");
  }

  @Test
  void an_ipv6_echo_is_read_likewise() {
    IpPacket echo = parseIp(Packets.ip6("fd00::1", "fd00::2", 58, 64, Packets.icmp(128, 0, 3, 4)));
    assertThat(echo.version()).isEqualTo(6);
    assertThat(echo.transport()).isEqualTo(new Icmp(true, 128, 0, 3, 4, null));
    assertThat(echo.summary()).isEqualTo("ICMP6 fd00::1 > fd00::2, echo request, id 3, seq 4");
    assertThat(parseIp(Packets.routerSolicitation()).transport())
        .isEqualTo(new Icmp(true, 133, 0, 0, 0, null));
  }

  @Test
  void ipv6_behind_an_extension_header_is_not_guessed_at() {
    assertThat(parseIp(Packets.mldReport()).transport()).isEqualTo(new Transport.Opaque());
  }

  @Test
  void an_icmp_error_quotes_the_packet_that_it_is_about() {
    Frame about = Packets.udp(A, 1000, B, 53);
    Icmp error = (Icmp) parseIp(Packets.icmpError(B, A, 3, about)).transport();
    assertThat(error.isError()).isTrue();
    assertThat(error.quoted()).isEqualTo(parse(about));
    assertThat(parse(Packets.portUnreachable(B, A, about)).summary())
        .isEqualTo(
            "ICMP 192.168.1.2 > 192.168.1.1, port unreachable for UDP 192.168.1.1.1000 >"
                + " 192.168.1.2.53");
  }

  @ParameterizedTest
  @CsvSource({
    "false, 3, 1, host unreachable",
    "false, 3, 4, fragmentation needed",
    "false, 3, 13, administratively prohibited",
    "false, 11, 0, time exceeded in transit",
    "false, 40, 2, 'type 40, code 2'",
    "false, 3, 99, 'type 3, code 99'",
    "true, 1, 4, port unreachable",
    "true, 2, 0, packet too big",
    "true, 133, 0, router solicitation",
    "true, 200, 0, 'type 200, code 0'",
  })
  void icmp_messages_have_the_names_that_people_search_for(
      boolean v6, int type, int code, String name) {
    assertThat(new Icmp(v6, type, code, 0, 0, null).message()).isEqualTo(name);
  }

  @Test
  void an_icmp_error_that_quotes_nothing_readable_has_no_quote() {
    Frame whole = Packets.icmpError(B, A, 3, Packets.udp(A, 1000, B, 53));
    Icmp cut = (Icmp) parseIp(Packets.cut(whole, 20 + 8 + 19)).transport();
    assertThat(cut.isError()).isTrue();
    assertThat(cut.quoted()).isNull();
  }

  @Test
  void a_quoted_error_is_not_followed_however_deep_a_frame_nests_them() {
    Frame nested = Packets.udp(A, 1, B, 2);
    for (int i = 0; i < 2_300; i++) {
      nested = Packets.icmpError(A, B, 3, nested);
    }
    Icmp outer = (Icmp) parseIp(nested).transport();
    assertThat(outer.quoted())
        .isInstanceOfSatisfying(
            IpPacket.class, quoted -> assertThat(((Icmp) quoted.transport()).quoted()).isNull());
  }

  @Test
  void udp_tcp_and_sctp_have_ports() {
    assertThat(parse(Packets.udp(A, 65535, B, 53)).summary())
        .isEqualTo("UDP 192.168.1.1.65535 > 192.168.1.2.53");
    assertThat(parseIp(Packets.tcp(A, 40000, B, 443)).transport())
        .isEqualTo(new Transport.Ports("TCP", 40000, 443));
    assertThat(parseIp(Packets.ip4(A, B, 132, 0, 1, Packets.ports(7, 8))).transport())
        .isEqualTo(new Transport.Ports("SCTP", 7, 8));
    assertThat(parse(Packets.ip4(A, B, 47, 0, 1, new byte[8])).summary())
        .isEqualTo("192.168.1.1 > 192.168.1.2 protocol 47");
  }

  @Test
  void a_first_fragment_has_ports_and_a_later_one_has_none() {
    Frame first = Packets.with(Packets.udp(A, 1, B, 2), 6, 0x20);
    assertThat(parseIp(first).transport()).isEqualTo(new Transport.Ports("UDP", 1, 2));
    Frame later = Packets.with(first, 7, 185);
    assertThat(parse(later).summary()).isEqualTo("192.168.1.1 > 192.168.1.2 fragment");
  }

  @Test
  void options_move_the_transport_header() {
    byte[] behind = ByteBuffer.allocate(12).position(4).put(Packets.ports(11, 22)).array();
    Frame options = Packets.with(Packets.ip4(A, B, Packets.UDP, 1, 64, behind), 0, 0x46);
    assertThat(parseIp(options).transport()).isEqualTo(new Transport.Ports("UDP", 11, 22));
  }

  @Test
  void a_header_shorter_than_ipv4_allows_is_unknown() {
    for (int words = 0; words < 5; words++) {
      Frame tooShort = Packets.with(Packets.udp(A, 1, B, 2), 0, 0x40 | words);
      assertThat(parse(tooShort)).isEqualTo(new UnknownPacket(EtherType.IPV4));
    }
  }

  @Test
  void a_mac_header_in_front_changes_nothing() {
    for (Frame frame : samples()) {
      assertThat(parse(Packets.behindMac(frame))).isEqualTo(parse(frame));
    }
  }

  @Test
  void vlan_tags_in_front_change_nothing() {
    for (Frame frame : samples()) {
      for (boolean atTag : new boolean[] {true, false}) {
        assertThat(parse(Packets.tagged(frame, atTag, 0x8100))).isEqualTo(parse(frame));
        assertThat(parse(Packets.tagged(frame, atTag, 0x88a8, 0x8100))).isEqualTo(parse(frame));
        assertThat(parse(Packets.tagged(frame, atTag, 0x8100, 0x8100, 0x8100)))
            .isEqualTo(parse(frame));
      }
    }
  }

  @Test
  void a_vlan_tag_without_a_mac_header_is_seen_by_the_ethertype_that_follows() {
    Frame arp = Packets.arpRequest(A, B);
    byte[] bytes = ByteBuffer.allocate(32).putShort((short) 100).putShort((short) 0x806).array();
    System.arraycopy(Packets.bytes(arp), 0, bytes, 4, 28);
    assertThat(parse(new Frame(0x8100, 0, bytes))).isEqualTo(parse(arp));
    byte[] udp = Packets.bytes(Packets.udp(A, 1, B, 2));
    assertThat(parse(new Frame(0x8100, 0, udp))).isEqualTo(new UnknownPacket(0x8100));
  }

  @Test
  void an_unknown_ethertype_is_shown_as_its_number() {
    assertThat(parse(new Frame(0x88cc, 0, new byte[60])).summary()).isEqualTo("ethertype 0x88cc");
    assertThat(parse(new Frame(0, 0, new byte[0])).summary()).isEqualTo("ethertype 0x0000");
  }

  @Test
  void no_truncation_of_a_frame_is_an_error() {
    for (Frame whole : samples()) {
      for (int length = 0; length <= whole.lengthBytes(); length++) {
        int at = length;
        assertThatCode(() -> readAll(Packets.cut(whole, at)))
            .as("%s cut to %d", whole.protocol(), at)
            .doesNotThrowAnyException();
        assertThatCode(() -> readAll(Packets.behindMac(Packets.cut(whole, at))))
            .doesNotThrowAnyException();
      }
      Frame tagged = Packets.tagged(whole, true, 0x88a8, 0x8100);
      byte[] bytes = Packets.bytes(tagged);
      for (int length = 0; length <= bytes.length; length++) {
        Frame cut = new Frame(0x88a8, 14, Arrays.copyOf(bytes, length));
        assertThatCode(() -> readAll(cut)).doesNotThrowAnyException();
      }
      int header = whole.protocol() == EtherType.ARP ? 28 : 20;
      assertThat(parse(Packets.cut(whole, header - 1))).isInstanceOf(UnknownPacket.class);
    }
  }

  @Test
  void random_bytes_are_never_an_error() {
    Random random = new Random(20_260_101);
    int[] protocols = {EtherType.ARP, EtherType.IPV4, EtherType.IPV6, 0, 0x8100, 0x88a8};
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = new byte[random.nextInt(130)];
      random.nextBytes(bytes);
      int offset = random.nextInt(10) == 0 ? random.nextInt(70_000) - 100 : random.nextInt(20);
      Frame frame = new Frame(protocols[i % protocols.length], offset, bytes);
      try {
        readAll(frame);
      } catch (RuntimeException e) {
        throw new AssertionError("run %d: offset=%d".formatted(i, offset), e);
      }
    }
  }

  @Test
  void valid_frames_with_random_bytes_in_them_are_never_an_error() {
    Random random = new Random(7);
    List<Frame> samples = samples();
    for (int i = 0; i < 50_000; i++) {
      Frame frame = samples.get(i % samples.size());
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        frame = Packets.with(frame, random.nextInt(frame.lengthBytes()), random.nextInt(256));
      }
      readAll(frame);
    }
  }

  private static void readAll(Frame frame) {
    assertThat(Packet.parse(frame).summary()).isNotEmpty();
    Fingerprint.of(frame);
  }

  private static List<Frame> samples() {
    Frame echo = Packets.echo(A, B, 1, 2);
    return List.of(
        Packets.arpRequest(A, B),
        Packets.arpReply(B, A),
        echo,
        Packets.echoReply(B, A, 1, 2),
        Packets.icmpError(A, B, 11, echo),
        Packets.icmpError(A, B, 3, Packets.icmpError(A, B, 3, echo)),
        Packets.udp(A, 1, B, 2),
        Packets.tcp(A, 1, B, 2),
        Packets.routerSolicitation(),
        Packets.mldReport(),
        Packets.ip6("fd00::1", "fd00::2", 17, 64, Packets.ports(1, 2)));
  }

  @Test
  void neighbour_discovery_names_the_address_that_it_is_about() {
    Packet asked = Packet.parse(Packets.neighbourSolicitation("fd00::1", "fd00::77"));
    assertThat(asked.summary())
        .isEqualTo("ICMP6 fd00::1 > ff02::1:ff00:77, neighbor solicitation, who has fd00::77");
    Packet cut =
        Packet.parse(Packets.cut(Packets.neighbourSolicitation("fd00::1", "fd00::77"), 52));
    assertThat(cut.summary()).isEqualTo("ICMP6 fd00::1 > ff02::1:ff00:77, type 135, code 0");
  }
}
