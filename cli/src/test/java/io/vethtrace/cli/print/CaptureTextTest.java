package io.vethtrace.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.cli.Fixture;
import io.vethtrace.v1.CaptureFile;
import io.vethtrace.v1.CapturePair;
import io.vethtrace.v1.CapturePoint;
import io.vethtrace.v1.CaptureReport;
import io.vethtrace.v1.CapturedDrops;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaptureTextTest {
  private static String text(CaptureReport.Builder report) {
    return CaptureText.of(report.build(), Style.PLAIN);
  }

  private static CaptureFile.Builder file(long frames) {
    return CaptureFile.newBuilder()
        .setPath("a.pcap")
        .setFrames(frames)
        .addPoints(CapturePoint.newBuilder().setInterface("veth\033[0").setFrames(frames));
  }

  @Test
  void captures_are_told_as_people_read_them_within_80_columns() {
    Style utc = new Style(false, Style.PLAIN.width(), TimeFormat.of(TimeFormat.Clock.UTC));
    String text = CaptureText.of(Fixture.captures(), utc);
    assertThat(text).isEqualTo(Fixture.text("captures.txt"));
    assertThat(text.lines()).allMatch(line -> line.codePointCount(0, line.length()) <= 80);
  }

  @Test
  void without_a_finding_it_says_so_and_what_that_rests_on() {
    assertThat(text(CaptureReport.newBuilder().addFiles(file(3))))
        .endsWith("✓ nothing wrong: every request in them was answered.\n");
    assertThat(text(CaptureReport.newBuilder().addFiles(file(0))))
        .endsWith("✓ nothing wrong was seen, but the captures have no frames.\n");
    assertThat(text(CaptureReport.newBuilder().addFiles(file(3)).addLimits("a.pcap: cut off")))
        .endsWith("! a.pcap: cut off\n? no fault was seen in the part that could be read.\n");
  }

  @Test
  void what_the_kernel_dropped_unseen_stands_with_the_file() {
    CapturedDrops drops =
        CapturedDrops.newBuilder()
            .setWhat("dropped on veth0 in neigh_invalidate: NEIGH_FAILED")
            .setPackets(2)
            .build();
    assertThat(text(CaptureReport.newBuilder().addFiles(file(5).addDrops(drops))))
        .contains("a.pcap: 3 frames, and 2 drops added as frames\n")
        .contains("  2 packets that no interface saw: dropped on veth0 in neigh_invalidate:\n");
  }

  @Test
  void what_a_file_calls_its_interface_does_not_reach_the_terminal_unseen() {
    assertThat(text(CaptureReport.newBuilder().addFiles(file(3)))).doesNotContain("\033");
  }

  @Test
  void many_frames_are_summed_up_for_each_direction_and_misses_say_why() {
    CapturePair.Builder pair = CapturePair.newBuilder();
    pair.getOneBuilder().setInterface("a").setMatched(12).setAmbiguous(1).setUnmatched(5);
    pair.getOtherBuilder().setInterface("b").setMatched(12);
    for (int i = 1; i <= 12; i++) {
      pair.addHopsBuilder().setLaterNs(i == 12 ? -7000 : i * 1000).setLeft(i == 12 ? "b" : "a");
    }
    pair.addMissesBuilder()
        .setInterface("a")
        .setFrame(3)
        .setPacket("ARP")
        .setWhy(CapturePair.Miss.Why.AMBIGUOUS)
        .addBetween(4)
        .addBetween(5);
    for (int i = 0; i < 5; i++) {
      pair.addMissesBuilder().setInterface("a").setFrame(9).setWhy(CapturePair.Miss.Why.NOT_SEEN);
    }
    assertThat(text(CaptureReport.newBuilder().addPairs(pair)))
        .contains("⇄ a and b saw the same: 12 of 18 on a, 12 of 12 on b")
        .contains("  a → b: 11, after 1 µs to 11 µs, median 6 µs\n")
        .contains("  b → a: 1, after 7 µs\n")
        .contains("  a frame 3, ARP: one of the other's frames 4, 5\n")
        .contains("  and 2 more without a certain twin\n");
  }

  @Test
  void numbers_are_told_in_ranges() {
    assertThat(NumberRanges.of(List.of(3L, 1L, 2L, 7L, 9L, 10L))).isEqualTo("1 to 3, 7, 9, 10");
    assertThat(NumberRanges.of(List.of(1L, 3L, 5L, 7L, 9L, 11L, 13L, 15L)))
        .isEqualTo("1, 3, 5, 7, 9, 11 and 2 more");
    assertThat(NumberRanges.of(List.of())).isEmpty();
  }
}
