package io.vethtrace.daemon.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.fixture.Packets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ChecksumTest {
  private static Frame datagram(String checksum) {
    // RFC 768 over 10.0.0.1:1 > 10.0.0.2:2 with the data "abc": an odd number of bytes.
    String header = "4500001f00014000401126cb0a0000010a000002";
    return new Frame(
        EtherType.IPV4, 0, HexFormat.of().parseHex(header + "00010002000b" + checksum + "616263"));
  }

  @Test
  void a_header_is_right_until_a_bit_of_it_changes() {
    Frame right = Packets.summed(Packets.echo("192.168.1.1", "192.168.1.2", 9, 1));
    assertThat(Checksum.ofHeader(right)).isEqualTo(Checksum.RIGHT);
    assertThat(Checksum.ofHeader(Packets.with(right, 8, 63))).isEqualTo(Checksum.WRONG);
    assertThat(Checksum.ofHeader(Packets.cut(right, 19))).isEqualTo(Checksum.UNKNOWN);
  }

  @Test
  void a_datagram_with_an_odd_number_of_bytes_is_computed_with_its_pseudo_header() {
    assertThat(Checksum.ofTransport(datagram("2770"))).isEqualTo(Checksum.RIGHT);
    assertThat(Checksum.ofTransport(datagram("dead"))).isEqualTo(Checksum.WRONG);
    assertThat(Checksum.ofTransport(datagram("0000"))).isEqualTo(Checksum.RIGHT);
    assertThat(Checksum.ofTransport(datagram("141f"))).isEqualTo(Checksum.PARTIAL);
  }

  @Test
  void what_was_cut_off_or_is_a_fragment_is_not_judged() {
    Frame right = datagram("2770");
    assertThat(Checksum.ofTransport(Packets.cut(right, 30))).isEqualTo(Checksum.UNKNOWN);
    assertThat(Checksum.ofTransport(Packets.with(right, 6, 0x20))).isEqualTo(Checksum.UNKNOWN);
    assertThat(Checksum.ofTransport(Packets.arpRequest("10.0.0.1", "10.0.0.2")))
        .isEqualTo(Checksum.UNKNOWN);
  }
}
