package io.vethtrace.cli.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.cli.CliProcess;
import io.vethtrace.cli.Fixture;
import io.vethtrace.cli.InProcess;
import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.cli.exit.Interruption;
import io.vethtrace.v1.Hop;
import io.vethtrace.v1.Journey;
import io.vethtrace.v1.Lost;
import io.vethtrace.v1.RecordingHeader;
import io.vethtrace.v1.WatchResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code vethtrace watch --input}: of five packets, a loss and a finding, a minute apart. */
class RecordingReplayTest {
  private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void record() {
    file = directory.resolve("file.vt");
    try (RecordingWriter writer = RecordingWriter.create(file)) {
      writer.begin(RecordingHeader.newBuilder().setRealtimeOffsetNs(MINUTE_NS).build());
      for (int i = 1; i <= 4; i++) {
        writer.write(WatchResponse.newBuilder().addJourneys(packet(i).setUnixNs(at(i))).build());
      }
      writer.write(
          WatchResponse.newBuilder()
              .setLost(Lost.newBuilder().setRing(2))
              .addFindings(
                  Fixture.sourceAddressIsLocal().getFindings(0).toBuilder().setUnixNs(at(5)))
              .build());
      // As an older version wrote it: only its sights say when.
      writer.write(
          WatchResponse.newBuilder()
              .addJourneys(
                  packet(6)
                      .setHops(
                          0, Hop.newBuilder().setInterface("veth0").setKtimeNs(at(6) - MINUTE_NS)))
              .build());
    }
  }

  private static long at(int minute) {
    return minute * MINUTE_NS;
  }

  private static Journey.Builder packet(int number) {
    Hop hop = Hop.newBuilder().setInterface("veth" + number % 2).build();
    return Journey.newBuilder().setPacket("packet " + number).addHops(hop);
  }

  private CliProcess.Result replay(String... options) {
    Stream<String> command = Stream.of("-o", "json", "watch", "--input", file.toString());
    return InProcess.run(
        new Interruption(), Stream.concat(command, Arrays.stream(options)).toArray(String[]::new));
  }

  private Stream<String> shown(String... options) {
    CliProcess.Result result = replay(options);
    assertThat(result.exitCode()).as(result.err()).isZero();
    return result.out().lines().map(RecordingReplayTest::shortened);
  }

  private static String shortened(String line) {
    return line.startsWith("{\"journey\"")
        ? line.replaceFirst(".*\"packet\":\"packet (\\d)\".*", "$1")
        : line.substring(2, line.indexOf('"', 2));
  }

  @Test
  void all_of_it_comes_in_order_with_what_was_lost() {
    assertThat(shown()).containsExactly("1", "2", "3", "4", "finding", "lost", "6");
  }

  @Test
  void the_same_filters_hold_as_for_what_is_live() {
    assertThat(shown("--only", "interface=veth0", "--journeys"))
        .containsExactly("2", "4", "lost", "6");
    // The finding is on veth1, but the journey that proves it began on veth0.
    assertThat(shown("--not", "interface=veth0", "-i", "veth1")).containsExactly("1", "3", "lost");
    assertThat(shown("--findings", "--only", "cause=source-address-is-local"))
        .containsExactly("finding", "lost");
  }

  @Test
  void times_count_back_from_the_recordings_end() {
    assertThat(shown("--since", "2m")).containsExactly("4", "finding", "lost", "6");
    assertThat(shown("--since", "1970-01-01T00:02:00Z", "--until", "1970-01-01T00:03:00Z"))
        .containsExactly("2", "3", "lost");
  }

  @Test
  void the_last_and_the_first_ones_are_those_that_match() {
    assertThat(shown("--last", "2")).containsExactly("finding", "lost", "6");
    assertThat(shown("--first", "2", "--only", "interface=veth0")).containsExactly("2", "4");
    assertThat(shown("--last", "3", "--first", "1")).containsExactly("4");
  }

  @Test
  void what_was_cut_off_is_said_and_counts_as_lost() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    CliProcess.Result result = replay("--journeys");
    assertThat(result.out().lines().map(RecordingReplayTest::shortened))
        .containsExactly("1", "2", "3", "4", "lost");
    assertThat(result.err()).startsWith("vethtrace: " + file + " is cut off").hasLineCount(1);
    assertThat(result.exitCode()).isEqualTo(ExitCode.EVENTS_LOST);
  }

  @Test
  void what_a_recording_cannot_answer_is_refused_in_one_sentence() {
    for (String option : new String[] {"icmp", "--only=address=x", "--events"}) {
      CliProcess.Result result = replay(option);
      assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(result.err()).startsWith("vethtrace: ").hasLineCount(1);
    }
  }
}
