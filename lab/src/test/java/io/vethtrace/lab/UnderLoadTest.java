package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A fault in namespaces that carry other, healthy traffic has the same verdict. {@code make lab}
 * does it with every fault.
 */
final class UnderLoadTest {
  private static final int PACKETS_PER_S = 3000;

  /** One for each way to a verdict, in the order of their files. */
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
    Machine.assumeRoot();
    Machine.assumeProgram("gcc");
    List<Json> results = results();
    assertThat(results.stream().map(result -> result.text("fault")))
        .containsExactlyElementsOf(FAULTS);
    for (Json result : results) {
      FaultAssert.assertNamed(result, result.text("fault"));
      assertThat(result.object("report").get("lost_events")).isEqualTo(0);
      assertThat(result.text("beside"))
          .matches("(\\d) of \\1 namespaces carry 3000 packets/s besides; \\d{3,} packets, 0 .*");
    }
  }

  private List<Json> results() {
    String load = folder.resolve("load").toString();
    Finished compiled =
        Finished.of("gcc", "-O2", "-o", load, Installation.file("lab/guest/load.c"));
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
    Finished run = Finished.of(Duration.ofMinutes(5), command);
    assertThat(run.exitCode()).as("%s%n%s", run.stdout(), run.stderr()).isZero();
    return Json.parseLines(run.stdout()).stream().filter(line -> line.has("fault")).toList();
  }
}
