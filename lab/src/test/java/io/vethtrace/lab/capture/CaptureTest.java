package io.vethtrace.lab.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.MachineRequirements;
import io.vethtrace.lab.harness.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captures live traffic on the running kernel; the kernel matrix does the same in a guest. */
final class CaptureTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int USAGE = 2;

  @TempDir private Path folder;

  @BeforeAll
  static void root() {
    MachineRequirements.assumeRoot();
    MachineRequirements.assumeProgram("tshark");
  }

  @Test
  void the_frames_of_the_refused_request_carry_the_finding_on_both_ends() {
    Path file = folder.resolve("blog.pcapng");
    capture(file, "blog");
    TsharkCaptures.assertBlog(file);
  }

  @Test
  void each_frame_behind_a_router_belongs_to_the_packet_that_its_sender_numbered() {
    int count = 1000;
    Path file = folder.resolve("router.pcapng");
    String sender = TsharkCaptures.sender(folder).toString();
    capture(file, "router", sender, "500", Integer.toString(count));
    TsharkCaptures.assertRouter(file, count);
  }

  @Test
  void an_impossible_capture_gets_one_sentence() throws IOException {
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
    ProcessResult refused = ProcessResult.of(LIMIT, command);
    assertThat(refused.stderr().lines()).singleElement().asString().contains(why);
    assertThat(refused.exitCode()).isEqualTo(USAGE);
    assertThat(file).hasContent("what was there");
  }

  @Test
  void a_full_disk_leaves_a_whole_capture() {
    ProcessResult run =
        ProcessResult.of(
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

  private static void capture(Path file, String... scene) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Installation.file("lab/guest/capture.sh"), Installation.home(), file.toString()));
    command.addAll(List.of(scene));
    ProcessResult run = ProcessResult.of(LIMIT, command);
    assertThat(run.exitCode()).as(run.stderr()).isZero();
  }
}
