package io.vethtrace.lab.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.JsonLine;
import io.vethtrace.lab.harness.ProcessResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks the captures of {@code lab/guest/capturing.sh}. tshark reads them; it knows nothing of
 * vethtrace.
 */
public final class TsharkCaptures {
  /** The kernel line of the guest that makes these captures too. */
  public static final String LINE = "6.12";

  /** The number of datagrams that {@code faults.sh -p} sends through its router. */
  public static final int GUEST_COUNT = 300;

  private static final Duration LIMIT = Duration.ofMinutes(1);

  private TsharkCaptures() {}

  /** A frame as tshark reads it. */
  private record Line(String packetId, String direction, String comment, String payload) {
    static Line of(String line) {
      String[] fields = line.split("\t", -1);
      return new Line(fields[0], fields[1], fields[2], fields[3]);
    }

    /** Returns the number that {@code numbered.c} wrote behind the bytes that an event contains. */
    long number() {
      return Long.parseLong(payload.substring(200, 216), 16);
    }
  }

  /**
   * Compiles {@code numbered.c} into the folder, because a guest's script finds only files that are
   * there.
   */
  public static Path sender(Path folder) {
    Path numbered = folder.resolve("numbered");
    ProcessResult compiled =
        ProcessResult.of(
            "gcc", "-O2", "-o", numbered.toString(), Installation.file("lab/guest/numbered.c"));
    assertThat(compiled.exitCode()).as(compiled.stderr()).isZero();
    return numbered;
  }

  /**
   * Checks that the refused requests have the finding as a comment on both ends, and that the file
   * also has the echo request that never left.
   */
  public static void assertBlog(Path file) {
    assertAllMatched(file);
    List<Line> requests = lines(file, "arp.opcode == 1");
    assertThat(requests).hasSizeGreaterThanOrEqualTo(2);
    assertThat(requests)
        .allSatisfy(line ->
            assertThat(line.comment())
                .contains("vethtrace: veth1 refuses packets from 192.168.1.1")
                .contains("SOURCE_ADDRESS_IS_LOCAL")
                .contains("sysctl -w net.ipv4.conf.veth1.accept_local=1"));
    assertThat(requests.stream().map(Line::direction).distinct()).hasSize(2);
    assertThat(lines(file, "icmp.type == 8 and not icmp.type == 3"))
        .as("the echo that never left")
        .singleElement()
        .satisfies(line -> assertThat(line.comment()).contains("no interface saw this packet"));
    assertExplained(file);
  }

  /**
   * Checks that the file alone is enough to explain the cause, and that the explanation says which
   * command prints the fix.
   */
  private static void assertExplained(Path file) {
    ProcessResult run =
        ProcessResult.of(Installation.vethtrace(), "-o", "json", "explain", file.toString());
    assertThat(run.exitCode()).as(run.stderr()).isEqualTo(1);
    JsonLine finding = JsonLine.parse(run.stdout()).objects("findings").getFirst();
    assertThat(finding.text("cause")).isEqualTo("SOURCE_ADDRESS_IS_LOCAL");
    assertThat(finding.text("title")).contains("no answer: veth1 refuses packets");
    assertThat(finding.text("settled_by"))
        .matches("vethtrace why -- ip netns exec \\S+ ping -c 1 -I veth0 192.168.1.2");
  }

  /**
   * Checks that all frames of one datagram have the same packet id and the same number of its
   * sender.
   */
  public static void assertRouter(Path file, int count) {
    assertAllMatched(file);
    List<Line> datagrams = lines(file, "udp.dstport == 9");
    Map<String, List<Line>> packets =
        datagrams.stream().collect(Collectors.groupingBy(Line::packetId));
    assertThat(packets).hasSize(count);
    assertThat(packets.values())
        .allSatisfy(frames -> {
          assertThat(frames).as("one on each of four interfaces").hasSize(4);
          assertThat(frames.stream().map(Line::number).distinct()).hasSize(1);
        });
    assertThat(datagrams.stream().map(Line::number).distinct()).hasSize(count);
  }

  private static void assertAllMatched(Path file) {
    JsonLine counts =
        JsonLine.parseLines(text(Path.of(file + ".counts"))).getFirst().object("capture");
    for (String none : List.of("unmatched", "ambiguous", "lost_by_taps", "lost_events")) {
      assertThat(counts.get(none)).as("%s of %s", none, counts).isEqualTo("0");
    }
    assertThat(counts.get("matched")).isEqualTo(counts.get("frames")).isNotEqualTo("0");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Line> lines(Path file, String filter) {
    List<String> command = new ArrayList<>(List.of("tshark", "-r", file.toString(), "-Y", filter));
    command.addAll(List.of("-T", "fields"));
    Stream.of("frame.packet_id", "frame.packet_flags_direction", "frame.comment", "udp.payload")
        .forEach(field -> command.addAll(List.of("-e", field)));
    ProcessResult read = ProcessResult.of(LIMIT, command);
    assertThat(read.exitCode()).as(read.stderr()).isZero();
    assertThat(read.stderr()).doesNotContain("cut short", "damaged", "isn't a capture");
    return read.stdout().lines().map(Line::of).toList();
  }
}
