package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

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

/** The captures of {@code lab/guest/capturing.sh}, read by tshark, which knows nothing of them. */
final class Captured {
  /** The guest in which they are made too. */
  static final String LINE = "6.12";

  /** What {@code faults.sh -p} sends through its router. */
  static final int GUEST_COUNT = 300;

  private static final Duration LIMIT = Duration.ofMinutes(1);

  private Captured() {}

  /** A frame as tshark reads it. */
  private record Line(String packetId, String direction, String comment, String payload) {
    static Line of(String line) {
      String[] fields = line.split("\t", -1);
      return new Line(fields[0], fields[1], fields[2], fields[3]);
    }

    /** The number that its sender gave it, out of the probes' sight: {@code numbered.c}. */
    long number() {
      return Long.parseLong(payload.substring(200, 216), 16);
    }
  }

  /** {@code numbered.c}, compiled into the folder: as a guest's script has only what is there. */
  static Path sender(Path folder) {
    Path numbered = folder.resolve("numbered");
    Finished compiled =
        Finished.of(
            "gcc", "-O2", "-o", numbered.toString(), Installation.file("lab/guest/numbered.c"));
    assertThat(compiled.exitCode()).as(compiled.stderr()).isZero();
    return numbered;
  }

  /** The refused requests carry the finding on both ends, the echo that never left is added. */
  static void assertBlog(Path file) {
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

  /** Whoever gets the file alone is told the cause and how to get the command. */
  private static void assertExplained(Path file) {
    Finished run = Finished.of(Installation.vethtrace(), "-o", "json", "explain", file.toString());
    assertThat(run.exitCode()).as(run.stderr()).isEqualTo(1);
    Json finding = Json.parse(run.stdout()).objects("findings").getFirst();
    assertThat(finding.text("cause")).isEqualTo("SOURCE_ADDRESS_IS_LOCAL");
    assertThat(finding.text("title")).contains("no answer: veth1 refuses packets");
    assertThat(finding.text("settled_by"))
        .matches("vethtrace why -- ip netns exec \\S+ ping -c 1 -I veth0 192.168.1.2");
  }

  /** Each frame of the datagrams belongs to the packet that its sender numbered. */
  static void assertRouter(Path file, int count) {
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
    Json counts = Json.parseLines(text(Path.of(file + ".counts"))).getFirst().object("capture");
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
    Finished read = Finished.of(LIMIT, command);
    assertThat(read.exitCode()).as(read.stderr()).isZero();
    assertThat(read.stderr()).doesNotContain("cut short", "damaged", "isn't a capture");
    return read.stdout().lines().map(Line::of).toList();
  }
}
