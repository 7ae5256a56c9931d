package io.vethtrace.daemon.capture.file;

import static io.vethtrace.daemon.capture.file.PcapngBytes.int32;
import static io.vethtrace.daemon.capture.file.PcapngBytes.int64;
import static io.vethtrace.daemon.capture.file.PcapngBytes.option;
import static io.vethtrace.daemon.capture.file.PcapngBytes.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.capture.compare.CapturedFrames;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.packet.Packet;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureReaderTest {
  private static final byte[] ARP =
      Packets.bytes(
          Packets.with(
              Packets.with(Packets.behindMac(Packets.arpRequest("10.0.0.1", "10.0.0.2")), 12, 8),
              13,
              6));
  private static final int COMMENT = 1;

  private static String packets(CapturedFrames captured) {
    return captured.frames().stream()
        .map(CapturedFrame::frame)
        .map(Packet::parse)
        .map(Packet::summary)
        .distinct()
        .toList()
        .toString();
  }

  @ParameterizedTest
  @CsvSource({
    "BIG_ENDIAN, a1b2c3d4, 1000000007000",
    "LITTLE_ENDIAN, a1b2c3d4, 1000000007000",
    "BIG_ENDIAN, a1b23c4d, 1000000000007",
    "LITTLE_ENDIAN, a1b23c4d, 1000000000007",
  })
  void a_pcap_is_read_in_both_byte_orders_and_resolutions(String order, String magic, long unixNs) {
    ByteOrder byteOrder = order.startsWith("BIG") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    byte[] bytes =
        new PcapBytes(byteOrder, Integer.parseUnsignedInt(magic, 16), LinkType.ETHERNET)
            .record(1000, 7, 99, ARP)
            .record(0xffff_ffff, 0, 42, ARP)
            .toArray();
    CapturedFrames captured = CapturedFrames.read(bytes);

    assertThat(captured.reading()).isEqualTo(new ReadResult.Whole(2));
    assertThat(captured.times()).containsExactly(unixNs, 0xffff_ffffL * 1_000_000_000);
    assertThat(captured.frames().getFirst().lengthBytes()).isEqualTo(99);
    assertThat(captured.frames().getFirst().from())
        .isEqualTo(new CaptureInterface("FILE", "", LinkType.ETHERNET, 65535));
    assertThat(packets(captured)).isEqualTo("[ARP who-has 10.0.0.2 tell 10.0.0.1]");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_pcapng_is_read_in_both_byte_orders(boolean little) {
    byte[] bytes =
        new PcapngBytes(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
            .section()
            .device(
                LinkType.ETHERNET, 96, text(2, "veth0"), text(3, "netns blue"), option(9, (byte) 9))
            .device(LinkType.ETHERNET, 0, option(2, (byte) 'v', (byte) 0, (byte) 'x'))
            .packet(0, 5_000_000_000L, ARP, text(COMMENT, "why"), int32(2, 2))
            .packet(1, 5_000_000L, ARP, int32(2, 1), text(COMMENT, "x".repeat(40_000)))
            .toArray();
    CapturedFrames captured = CapturedFrames.read(bytes);

    assertThat(captured.reading()).isEqualTo(new ReadResult.Whole(2));
    assertThat(captured.times()).containsExactly(5_000_000_000L, 5_000_000_000L);
    assertThat(captured.frames())
        .extracting(CapturedFrame::direction)
        .containsExactly(FrameDirection.OUTBOUND, FrameDirection.INBOUND);
    assertThat(captured.frames())
        .extracting(CapturedFrame::from)
        .containsExactly(
            new CaptureInterface("veth0", "netns blue", LinkType.ETHERNET, 96),
            new CaptureInterface("v", "", LinkType.ETHERNET, 0));
    assertThat(packets(captured)).isEqualTo("[ARP who-has 10.0.0.2 tell 10.0.0.1]");
  }

  @Test
  void sections_have_interfaces_and_a_byte_order_of_their_own() {
    byte[] bytes =
        PcapngBytes.bigEndian()
            .section()
            .device(LinkType.ETHERNET, 0, text(2, "one"))
            .packet(0, 1, ARP)
            .order(ByteOrder.LITTLE_ENDIAN)
            .section()
            .device(LinkType.RAW, 0, text(2, "two"))
            .packet(0, 2, ARP)
            .toArray();
    CapturedFrames captured = CapturedFrames.read(bytes);

    assertThat(captured.reading()).isEqualTo(new ReadResult.Whole(2));
    assertThat(captured.frames())
        .extracting(frame -> frame.from().name())
        .containsExactly("one", "two");
    assertThat(captured.times()).containsExactly(1000L, 2000L);
  }

  @Test
  void blocks_and_options_that_are_not_known_are_skipped() {
    byte[] bytes =
        PcapngBytes.littleEndian()
            .section()
            .block(0x4bad, b -> b.put(new byte[700_000])) // longer than what is looked at at once
            .device(LinkType.ETHERNET, 0, text(2, "veth0"), text(0x7777, "?"))
            .block(5, b -> b.putInt(0).putLong(0))
            .packet(0, 1, ARP, text(0x8888, "?"))
            .block(4, b -> {})
            .toArray();
    CapturedFrames captured = CapturedFrames.read(bytes);

    assertThat(captured.reading()).isEqualTo(new ReadResult.Whole(1));
  }

  @Test
  void the_older_packet_blocks_are_read_too() {
    byte[] bytes =
        PcapngBytes.littleEndian()
            .section()
            .device(LinkType.ETHERNET, 20)
            .obsolete(0, 3, ARP)
            .simple(ARP.length, java.util.Arrays.copyOf(ARP, 20))
            .toArray();
    CapturedFrames captured = CapturedFrames.read(bytes);

    assertThat(captured.reading()).isEqualTo(new ReadResult.Whole(2));
    assertThat(captured.times()).containsExactly(3000L, CapturedFrame.NO_TIME);
    assertThat(captured.frames().getLast().bytes()).hasSize(20);
    assertThat(captured.frames().getLast().lengthBytes()).isEqualTo(ARP.length);
  }

  @Test
  void cooked_frames_say_their_direction_themselves() {
    byte[] sll = new byte[16 + 20];
    sll[1] = 4; // PACKET_OUTGOING
    byte[] sll2 = new byte[20 + 20];
    sll2[7] = 5; // the device's index
    byte[] bytes =
        PcapngBytes.littleEndian()
            .section()
            .device(LinkType.LINUX_SLL, 0)
            .device(LinkType.LINUX_SLL2, 0)
            .packet(0, 1, sll)
            .packet(1, 1, sll2)
            .packet(1, 1, new byte[3])
            .toArray();
    CapturedFrames captured = CapturedFrames.read(bytes);

    assertThat(captured.frames())
        .extracting(CapturedFrame::direction)
        .containsExactly(FrameDirection.OUTBOUND, FrameDirection.INBOUND, FrameDirection.UNKNOWN);
    assertThat(captured.frames()).extracting(CapturedFrame::ifindex).containsExactly(0, 5, 0);
  }

  @Test
  void a_link_type_that_is_not_known_gives_frames_without_a_packet() {
    CapturedFrames captured =
        CapturedFrames.read(
            PcapngBytes.littleEndian().section().device(147, 0).packet(0, 1, ARP).toArray());
    Frame frame = captured.frames().getFirst().frame();
    assertThat(Packet.parse(frame).summary()).isEqualTo("ethertype 0x0000");
  }

  @Test
  void a_wrong_block_is_named_with_its_number_and_its_byte() {
    PcapngBytes head =
        PcapngBytes.littleEndian().section().device(LinkType.ETHERNET, 0).packet(0, 1, ARP);
    int at = head.size();
    CapturedFrames captured =
        CapturedFrames.read(head.packet(7, 1, ARP).packet(0, 1, ARP).toArray());

    assertThat(captured.frames()).hasSize(1);
    assertThat(captured.reading())
        .isEqualTo(
            new ReadResult.Damaged(
                1,
                "/a/FILE: block 4 (enhanced packet) at byte "
                    + at
                    + ": it names interface 7 and its section has 1"));
  }

  @Test
  void each_kind_of_damage_has_its_words() {
    assertDamage(
        ng().packet(0, 1, ARP, b -> b.putShort((short) 2).putShort((short) 999)),
        "its option 2 claims 999 bytes and 4 are left");
    assertDamage(ng().packet(0, 1, ARP, option(2, (byte) 1)), "its option flags has 1 bytes");
    assertDamage(ng().device(1, 0, option(9)), "its option if_tsresol has 0 bytes");
    assertDamage(ng().device(1, 0, text(14, "four")), "its option if_tsoffset has 4 bytes");
    assertDamage(ng().packet(0, -1, ARP), "its time, 18446744073709551615, is not within");
    assertDamage(
        ng().device(1, 0, int64(14, Long.MIN_VALUE)).packet(1, 1, ARP), "its time, 1, is not");
    assertDamage(ng().block(PcapngBytes.ENHANCED, b -> b.putLong(0)), "it is too short: 20 more");
    assertDamage(
        ng().block(PcapngBytes.ENHANCED, b -> b.putLong(0).putInt(0).putInt(0x7fff_ffff).putInt(1)),
        "it claims 2147483647 captured bytes");
    assertDamage(
        ng().block(PcapngBytes.ENHANCED, b -> b.putLong(0).putInt(0).putInt(200_000).putInt(1)),
        "it is too short: 200000 more bytes are needed and it has 0");
    assertDamage(ng().simple(400, ARP), "it is too short");
    assertDamage(
        PcapngBytes.littleEndian().block(PcapngBytes.SECTION, b -> b.putLong(1).putLong(2)),
        "0x01000000 is no byte-order magic");
    assertDamage(
        PcapngBytes.littleEndian()
            .block(PcapngBytes.SECTION, b -> b.putInt(0x1a2b3c4d).putInt(9).putLong(2)),
        "version 9.0 is not known");
  }

  private static PcapngBytes ng() {
    return PcapngBytes.littleEndian().section().device(LinkType.ETHERNET, 0);
  }

  private static void assertDamage(PcapngBytes bytes, String words) {
    assertThat(CapturedFrames.read(bytes.toArray()).damage()).contains(words);
  }

  @Test
  void lengths_that_disagree_or_are_none_are_named() {
    byte[] bytes = ng().packet(0, 1, ARP).toArray();
    byte[] trailing = bytes.clone();
    trailing[trailing.length - 4] ^= 64;
    assertThat(CapturedFrames.read(trailing).damage())
        .contains("block 3 (enhanced packet)")
        .contains("its length is 76 at its begin and 12 at its end");
    byte[] odd = bytes.clone();
    odd[28 + 4] = 21;
    assertThat(CapturedFrames.read(odd).damage()).endsWith("no block is 21 bytes long");
    odd[28 + 4 + 3] = -1;
    odd[28 + 4] = 20;
    assertThat(CapturedFrames.read(odd).damage()).endsWith("the file is cut off in it");
  }

  @Test
  void more_interfaces_than_memory_is_for_are_refused() {
    PcapngBytes bytes = PcapngBytes.littleEndian().section();
    for (int i = 0; i < 16_385; i++) {
      bytes.device(LinkType.ETHERNET, 0);
    }
    assertDamage(bytes, "it is one interface more than 16384");
  }

  @Test
  void a_wrong_record_of_a_pcap_is_named_too() {
    assertThat(
            CapturedFrames.read(PcapBytes.ethernet().record(1, 1, 42, ARP).claim(-1).toArray())
                .damage())
        .isEqualTo(
            "/a/FILE: record 2 at byte 82: it claims 4294967295 captured bytes, and no capture has"
                + " frames of more than 262144");
    assertThat(
            CapturedFrames.read(PcapBytes.ethernet().record(1, 1_000_000, 42, ARP).toArray())
                .damage())
        .isEqualTo("/a/FILE: record 1 at byte 24: 1000000 is no fraction of a second");
    assertThat(CapturedFrames.read(PcapBytes.ethernet().claim(100_000).toArray()).damage())
        .isEqualTo("/a/FILE: record 1 at byte 24: the file is cut off in it");
  }

  @Test
  void what_is_no_capture_is_said_to_be_none() {
    assertThat(noCapture(new byte[0])).isEqualTo("/a/FILE is too short for a capture");
    assertThat(noCapture((byte) 0x1f, (byte) 0x8b, (byte) 8, (byte) 0))
        .isEqualTo("/a/FILE is compressed: unpack it first");
    assertThat(noCapture((byte) 'v', (byte) 'e', (byte) 't', (byte) 'h'))
        .contains("is no capture: it begins with 0x76657468");
    assertThat(CaptureReader.read(Path.of("/no/such"), (number, frame) -> {}))
        .isEqualTo(new ReadResult.NoCapture("/no/such: there is no such file"));
    assertThat(CaptureReader.read(Path.of("/"), (number, frame) -> {}))
        .isInstanceOf(ReadResult.NoCapture.class);
  }

  private static String noCapture(byte... bytes) {
    return CapturedFrames.read(bytes).reading() instanceof ReadResult.NoCapture no ? no.why() : "";
  }

  @ParameterizedTest
  @CsvSource({
    "0, 3, 0, 3000000000", // seconds
    "6, 3, 0, 3000",
    "9, 3, 0, 3",
    "12, 3999, 0, 3",
    "28, -1, 0, 1", // 2^64 / 10^19
    "127, -1, 0, 0",
    "128, 3, 0, 3000000000", // 2^0
    "148, 1572864, 0, 1500000000", // 2^20
    "160, 6442450944, 0, 1500000000", // 2^32
    "192, -1, 0, 999999999", // 2^64
    "255, -1, 0, 0",
    "6, 3, 2, 2000003000",
    "6, 3, -1, -999997000",
  })
  void ticks_are_of_any_resolution(int resolution, long ticks, long offset, long unixNs) {
    assertThat(new TimeScale(resolution, offset).unixNs(ticks)).hasValue(unixNs);
  }

  @ParameterizedTest
  @CsvSource({"0, 9223372037, 0", "9, -1, 0", "128, -1, 0", "6, 1, 9223372037", "0, 9e9, 9e9"})
  void a_time_that_64_bits_do_not_hold_is_none(int resolution, double ticks, double offset) {
    assertThat(new TimeScale(resolution, (long) offset).unixNs((long) ticks)).isEmpty();
  }

  @Test
  void a_capture_has_one_interface_value_for_all_its_frames() {
    CapturedFrames captured =
        CapturedFrames.read(ng().packet(0, 1, ARP).packet(0, 2, ARP).toArray());
    List<CaptureInterface> from = captured.frames().stream().map(CapturedFrame::from).toList();
    assertThat(from.getFirst()).isSameAs(from.getLast());
  }
}
