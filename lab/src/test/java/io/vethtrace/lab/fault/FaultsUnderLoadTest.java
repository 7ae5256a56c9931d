package io.vethtrace.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.JsonLine;
import io.vethtrace.lab.harness.MachineRequirements;
import io.vethtrace.lab.harness.ProcessResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a fault has the same verdict while its namespaces carry other, healthy traffic. {@code
 * make lab} does this with every fault.
 */
final class FaultsUnderLoadTest {
  private static final int PACKETS_PER_S = 3000;

  /** The faults: one for each kind of verdict, in the order of their files. */
  private static final List<String> FAULTS =
      List.of(
          "blog-rp-filter",
          "echo-ignored",
          "nft-forward",
          "no-return-route-tcp",
          "router-healthy",
          "udp-closed-port");

  @TempDir private Path folder;

  @Test
  void the_verdicts_are_those_of_quiet_namespaces() {
    MachineRequirements.assumeRoot();
    MachineRequirements.assumeProgram("gcc");
    List<JsonLine> results = results();
    assertThat(results.stream().map(result -> result.text("fault")))
        .containsExactlyElementsOf(FAULTS);
    for (JsonLine result : results) {
      FaultAssertions.assertNamed(result, result.text("fault"));
      assertThat(result.object("report").get("lost_events")).isEqualTo(0);
      assertThat(result.text("beside"))
          .matches("(\\d) of \\1 namespaces carry 3000 packets/s besides; \\d{3,} packets, 0 .*");
    }
  }

  private List<JsonLine> results() {
    String load = folder.resolve("load").toString();
    ProcessResult compiled =
        ProcessResult.of("gcc", "-O2", "-o", load, Installation.file("lab/guest/load.c"));
    assertThat(compiled.exitCode()).as(compiled.stderr()).isZero();
    List<String> command =
        new ArrayList<>(
            List.of(
                Installation.file("lab/guest/faults.sh"),
                "-b",
                "'%s' '%s' %d"
                    .formatted(Installation.file("lab/guest/load.sh"), load, PACKETS_PER_S),
                Installation.home(),
                "1"));
    command.addAll(FAULTS);
    ProcessResult run = ProcessResult.of(Duration.ofMinutes(5), command);
    assertThat(run.exitCode()).as("%s%n%s", run.stdout(), run.stderr()).isZero();
    return JsonLine.parseLines(run.stdout()).stream().filter(line -> line.has("fault")).toList();
  }
}
