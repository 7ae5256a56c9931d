package io.vethtrace.cli.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vethtrace.cli.Fixture;
import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.v1.Lost;
import io.vethtrace.v1.RecordingHeader;
import io.vethtrace.v1.WatchResponse;
import io.vethtrace.v1.WhyReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
  private static final RecordingHeader HEADER =
      RecordingHeader.newBuilder().setKernel("6.1.0").setVersion("0.1.0").setBeganUnixMs(7).build();
  private static final WhyReport REPORT = Fixture.sourceAddressIsLocal();
  private static final WatchResponse FOUND =
      WatchResponse.newBuilder()
          .addAllJourneys(REPORT.getJourneysList())
          .addAllFindings(REPORT.getFindingsList())
          .build();
  private static final WatchResponse LOST =
      WatchResponse.newBuilder().setLost(Lost.newBuilder().setRing(2).setClient(3)).build();

  @TempDir Path directory;

  private Path watched() {
    Path file = directory.resolve("watched");
    try (RecordingWriter writer = RecordingWriter.create(file)) {
      writer.begin(HEADER);
      writer.write(FOUND);
      writer.write(LOST);
    }
    return file;
  }

  private Path file(byte... bytes) throws IOException {
    return Files.write(directory.resolve("file"), bytes);
  }

  @Test
  void what_was_watched_comes_back() {
    Recording recording = RecordingReader.read(watched());

    assertThat(recording.header()).isEqualTo(HEADER);
    assertThat(recording.batches()).containsExactly(FOUND, LOST);
    assertThat(recording.report()).isEmpty();
    assertThat(recording.damage()).isEmpty();
    assertThat(recording.summary().getFindingsList()).isEqualTo(REPORT.getFindingsList());
    assertThat(recording.summary().getLostEvents()).isEqualTo(5);
  }

  @Test
  void what_was_said_of_a_command_comes_back() {
    Path file = directory.resolve("command");
    try (RecordingWriter writer = RecordingWriter.create(file)) {
      writer.begin(HEADER);
      writer.write(REPORT);
    }
    assertThat(RecordingReader.read(file).summary()).isEqualTo(REPORT);
  }

  @Test
  void a_recording_that_is_cut_off_anywhere_is_read_up_to_there() throws IOException {
    byte[] whole = Files.readAllBytes(watched());
    int firstLine = RecordingWriter.FIRST_LINE.length();
    int header = firstLine + length(HEADER.getSerializedSize());
    int found = header + length(FOUND.getSerializedSize());
    for (int cut = firstLine; cut < whole.length; cut++) {
      Recording recording = RecordingReader.read(file(Arrays.copyOf(whole, cut)));

      int begun = cut < header ? firstLine : cut < found ? header : found;
      assertThat(recording.batches()).hasSize(cut < found ? 0 : 1);
      if (cut == begun) {
        assertThat(recording.damage()).isEmpty();
      } else {
        assertThat(recording.damage().orElseThrow()).endsWith("in the entry at byte " + begun);
        assertThat(recording.summary().getLostEvents()).isPositive();
        assertThat(ExitCode.of(recording.summary()))
            .isEqualTo(cut < found ? ExitCode.EVENTS_LOST : ExitCode.FAULT_FOUND);
      }
    }
  }

  /** Returns the bytes of an entry: its length, a tag, the length of its message, the message. */
  private static int length(int sizeBytes) {
    int entryBytes = 1 + varint(sizeBytes) + sizeBytes;
    return varint(entryBytes) + entryBytes;
  }

  private static int varint(int value) {
    return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : 3;
  }

  @Test
  void noise_behind_the_first_line_is_damage_and_not_a_crash() throws IOException {
    byte[] whole = Files.readAllBytes(watched());
    for (int at = RecordingWriter.FIRST_LINE.length(); at < whole.length; at++) {
      byte[] noisy = whole.clone();
      noisy[at] ^= (byte) 0xff;
      assertThat(RecordingReader.read(file(noisy)).batches()).hasSizeLessThanOrEqualTo(2);
    }
  }

  @Test
  void what_is_no_recording_is_refused_with_what_it_is() throws IOException {
    assertRefused("vethtrace recording 2\n".getBytes(StandardCharsets.UTF_8), "another version");
    assertRefused(new byte[] {0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0}, "is a capture");
    assertRefused(new byte[] {(byte) 0xd4, (byte) 0xc3, (byte) 0xb2, (byte) 0xa1}, "is a capture");
    assertRefused(new byte[0], "neither a recording");
    assertThatThrownBy(() -> RecordingReader.read(directory.resolve("none")))
        .isInstanceOf(Failure.class);
  }

  private void assertRefused(byte[] bytes, String why) throws IOException {
    Path file = file(bytes);
    assertThatThrownBy(() -> RecordingReader.read(file))
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining(why);
  }

  @Test
  void a_file_keeps_what_it_holds_until_the_recording_begins() throws IOException {
    Path file = watched();
    byte[] before = Files.readAllBytes(file);
    RecordingWriter.create(file).close();
    assertThat(file).hasBinaryContent(before);
    try (RecordingWriter writer = RecordingWriter.create(file)) {
      writer.begin(HEADER);
    }
    assertThat(RecordingReader.read(file).batches()).isEmpty();
  }

  @Test
  void a_full_disk_is_said_at_once() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "there is no /dev/full");
    try (RecordingWriter writer = RecordingWriter.create(full)) {
      assertThatThrownBy(() -> writer.begin(HEADER))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("cannot go on writing /dev/full: No space left on device");
    }
    assertThatThrownBy(() -> RecordingWriter.create(directory)).isInstanceOf(Failure.class);
  }
}
