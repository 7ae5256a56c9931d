package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Live captures of {@code lab/guest/capture.sh}, read by tshark, which knows nothing of them. */
final class CaptureTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int USAGE = 2;

  @TempDir private Path folder;

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

  @BeforeAll
  static void root() {
    Machine.assumeRoot();
    Machine.assumeProgram("tshark");
  }

  @Test
  void the_frames_of_the_refused_request_carry_the_finding_on_both_ends() {
    Path file = folder.resolve("blog.pcapng");
    assertThat(captured(file, "blog").get("unmatched")).isEqualTo("0");
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

  @Test
  void each_frame_behind_a_router_belongs_to_the_packet_that_its_sender_numbered() {
    int count = 1000;
    Path numbered = folder.resolve("numbered");
    Finished compiled =
        Finished.of(
            "gcc", "-O2", "-o", numbered.toString(), Installation.file("lab/guest/numbered.c"));
    assertThat(compiled.exitCode()).as(compiled.stderr()).isZero();
    Path file = folder.resolve("router.pcapng");
    Json counts = captured(file, "router", numbered.toString(), "500", Integer.toString(count));
    assertThat(counts.get("unmatched")).isEqualTo("0");
    assertThat(counts.get("ambiguous")).isEqualTo("0");

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

  @Test
  void what_cannot_be_captured_is_said_in_one_sentence() throws IOException {
    assertRefused(List.of("-i", "lo", "tcpp"), "no filter: 'tcpp': ");
    assertRefused(List.of("-i", "nothere0"), "there is no interface 'nothere0'");
    assertRefused(List.of("-i", "lo@nothere"), "there is no network namespace 'nothere'");
    assertRefused(List.of("--pair", "lo"), "is no end of a veth pair");
    assertRefused(List.of(), "name an interface with -i or a veth pair with --pair");
  }

  private void assertRefused(List<String> arguments, String why) throws IOException {
    Path file = folder.resolve("kept.pcapng");
    Files.writeString(file, "what was there");
    List<String> command = new ArrayList<>(List.of(Installation.vethtrace(), "capture", "-w"));
    command.add(file.toString());
    command.addAll(arguments);
    Finished refused = Finished.of(LIMIT, command);
    assertThat(refused.stderr().lines()).singleElement().asString().contains(why);
    assertThat(refused.exitCode()).isEqualTo(USAGE);
    assertThat(file).hasContent("what was there");
  }

  @Test
  void a_full_disk_leaves_a_whole_capture() {
    Finished run =
        Finished.of(
            "unshare",
            "--mount",
            "--net",
            "sh",
            "-c",
            """
            mount -t tmpfs -o size=64k full /mnt
            ip link set lo up
            '%s' capture -i lo -w /mnt/c.pcapng & pid=$!
            while [ ! -s /mnt/c.pcapng ]; do sleep 0.1; done
            ping -q -i 0.002 -c 500 -s 1000 127.0.0.1 >/dev/null
            wait $pid; echo "exit code $?"
            capinfos /mnt/c.pcapng
            """
                .formatted(Installation.vethtrace()));
    assertThat(run.stdout()).contains("exit code 3");
    assertThat(run.stderr()).contains("No space left on device", "are a whole capture");
    assertThat(run.stdout()).containsPattern("Number of packets: +[1-9]");
    assertThat(run.stderr()).doesNotContain("cut short", "appears to be damaged");
  }

  private Json captured(Path file, String... scene) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Installation.file("lab/guest/capture.sh"), Installation.home(), file.toString()));
    command.addAll(List.of(scene));
    Finished run = Finished.of(LIMIT, command);
    assertThat(run.exitCode()).as(run.stderr()).isZero();
    try {
      return Json.parseLines(Files.readString(Path.of(file + ".counts")))
          .getFirst()
          .object("capture");
    } catch (IOException e) {
      throw new AssertionError(run.stderr(), e);
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
