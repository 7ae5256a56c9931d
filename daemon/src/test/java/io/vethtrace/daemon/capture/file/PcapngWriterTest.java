package io.vethtrace.daemon.capture.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reads back what was written; tshark reads it in the lab's tests. */
class PcapngWriterTest {
  private static final CaptureInterface VETH0 =
      new CaptureInterface("veth0", "network namespace blue", LinkType.ETHERNET, 262144);
  private static final byte[] BYTES = "an odd number of bytes.".getBytes(StandardCharsets.UTF_8);

  private static CapturedFrame frame(long unixNs, FrameDirection direction) {
    return new CapturedFrame(VETH0, unixNs, direction, 1514, BYTES);
  }

  @Test
  void frames_come_back_as_they_were() throws IOException {
    long unixNs = 1_795_000_000_123_456_789L;
    List<CapturedFrame> read =
        read(
            new PcapngWriter()
                .section("Linux 6.1", "vethtrace")
                .interfaceDescription(VETH0, "arp")
                .frame(0, frame(unixNs, FrameDirection.OUTBOUND), 7, List.of("it was µ", "x"))
                .frame(0, frame(unixNs + 1, FrameDirection.INBOUND), 0, List.of())
                .statistics(0, unixNs, 2, 1));
    assertThat(read).hasSize(2);
    CapturedFrame first = read.getFirst();
    assertThat(first.from()).isEqualTo(VETH0);
    assertThat(first.unixNs()).isEqualTo(unixNs);
    assertThat(first.direction()).isEqualTo(FrameDirection.OUTBOUND);
    assertThat(first.lengthBytes()).isEqualTo(1514);
    assertThat(first.bytes()).isEqualTo(BYTES);
    assertThat(read.getLast().unixNs()).isEqualTo(unixNs + 1);
    assertThat(read.getLast().direction()).isEqualTo(FrameDirection.INBOUND);
  }

  @Test
  void every_block_says_its_length_at_both_ends_in_whole_words() {
    String longest = "x".repeat(70_000);
    PcapngWriter blocks = new PcapngWriter();
    for (byte[] block :
        List.of(
            blocks.section("", "").take(),
            blocks.interfaceDescription(VETH0, "").take(),
            blocks.frame(0, frame(1, FrameDirection.UNKNOWN), 1, List.of("a", longest)).take())) {
      ByteBuffer bytes = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(bytes.getInt(4)).isEqualTo(block.length).isEqualTo(bytes.getInt(block.length - 4));
      assertThat(block.length % 4).isZero();
    }
  }

  @Test
  void what_was_taken_does_not_come_again() {
    PcapngWriter blocks = new PcapngWriter();
    byte[] first = blocks.section("", "").take();
    assertThat(blocks.size()).isZero();
    assertThat(blocks.statistics(0, 1, 2, 3).take()).hasSizeGreaterThan(0).isNotEqualTo(first);
  }

  @Test
  void a_drop_that_no_interface_saw_is_read_as_that_and_as_no_frame() throws IOException {
    PcapngWriter blocks = new PcapngWriter();
    blocks.section("", "");
    blocks.interfaceDescription(VETH0, "");
    String what = "dropped on veth0 in neigh_invalidate: NEIGH_FAILED";
    blocks.frame(0, frame(1_000, FrameDirection.UNKNOWN), 7, List.of(UnseenDrop.comment(what)));
    blocks.frame(
        0, frame(2_000, FrameDirection.OUTBOUND), 8, List.of("vethtrace: used in arp_rcv"));
    List<String> seen = new ArrayList<>();
    FrameConsumer sink =
        new FrameConsumer() {
          @Override
          public void frame(long number, CapturedFrame frame) {
            seen.add(number + " " + frame.direction());
          }

          @Override
          public void drop(long number, CapturedFrame frame, String became) {
            seen.add(number + " " + became);
          }
        };
    CaptureReader.read(new ByteArrayInputStream(blocks.take()), "memory", sink);
    assertThat(seen).containsExactly("1 " + what, "2 OUTBOUND");
  }

  private static List<CapturedFrame> read(PcapngWriter file) throws IOException {
    List<CapturedFrame> frames = new ArrayList<>();
    ReadResult reading =
        CaptureReader.read(
            new ByteArrayInputStream(file.take()), "memory", (number, frame) -> frames.add(frame));
    assertThat(reading).isInstanceOf(ReadResult.Whole.class);
    return frames;
  }
}
