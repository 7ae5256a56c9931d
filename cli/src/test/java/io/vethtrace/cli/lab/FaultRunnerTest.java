package io.vethtrace.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vethtrace.cli.CliProcess;
import io.vethtrace.cli.CliTestNetns;
import io.vethtrace.cli.Eventually;
import io.vethtrace.cli.Fixture;
import io.vethtrace.cli.ScriptedServer;
import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.v1.WhyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel, the namespaces and the traffic are real; what the server says is scripted. */
class FaultRunnerTest {
  private static final Path NETNS = Path.of("/run/netns");

  @TempDir private Path dir;

  @BeforeEach
  void needsNamespaces() {
    assumeTrue(CliTestNetns.canBeMade(), "needs root and ip");
  }

  private CliProcess.Result run(Function<List<Integer>, WhyReport> report, String... args) {
    try (ScriptedServer server = new ScriptedServer(dir.resolve("sock"), report, List.of());
        CliProcess cli =
            CliProcess.start(
                Map.of("VETHTRACE_SERVER", server.address()),
                Stream.concat(Stream.of("lab", "run"), withFaults(args)).toArray(String[]::new))) {
      return cli.result("");
    }
  }

  private static Stream<String> withFaults(String... args) {
    return List.of(args).contains("--faults")
        ? Stream.of(args)
        : Stream.concat(Stream.of("--faults", "../lab/faults"), Stream.of(args));
  }

  /** The finding as a daemon gives it for the namespace in scope, until the cure has worked. */
  private static WhyReport loopback(List<Integer> scopes) {
    String netns = nameOf(scopes.getFirst());
    if (isLoopbackUp(netns)) {
      return Fixture.healthy();
    }
    WhyReport.Builder report = Fixture.loopbackDownInferred().toBuilder().setLostEvents(0);
    report
        .getFindingsBuilder(0)
        .setNetns(netns)
        .getFixesBuilder(0)
        .setCommands(0, "ip -n %s link set lo up".formatted(netns));
    return report.build();
  }

  private static boolean isLoopbackUp(String netns) {
    return ShellScript.run("ip -n " + netns + " link show lo", Map.of()).output().contains(",UP");
  }

  private static String nameOf(int inode) {
    try (Stream<Path> names = Files.list(NETNS)) {
      return names
          .filter(path -> inodeOf(path) == Integer.toUnsignedLong(inode))
          .findFirst()
          .orElseThrow()
          .getFileName()
          .toString();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long inodeOf(Path path) {
    try {
      return (Long) Files.getAttribute(path, "unix:ino");
    } catch (IOException e) {
      return 0;
    }
  }

  private static void assertNothingIsLeftOf(String output) {
    assertThat(output).contains("vt-lab-");
    assertThat(NETNS.toFile().list())
        .noneMatch(name -> name.startsWith("vt-lab-") && output.contains(name));
  }

  @Test
  void a_fault_is_made_named_cured_and_removed() {
    CliProcess.Result result = run(FaultRunnerTest::loopback, "blog-lo-down");
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("━━ blog-lo-down", "making it\n  $ ip netns add vt-lab-")
        .contains("1 packets transmitted, 0 received")
        .contains("✗ lo is down")
        .contains("curing it: $ ip -n vt-lab-")
        .contains("1 packets transmitted, 1 received")
        .contains("✓ nothing wrong")
        .containsPattern("blog-lo-down +yes +yes +0 +inferred");
    assertThat(result.exitCode()).isZero();
    assertNothingIsLeftOf(result.out());
  }

  @Test
  void with_json_each_result_is_one_object_and_the_status_the_last() {
    CliProcess.Result result =
        run(FaultRunnerTest::loopback, "-o", "json", "blog-lo-down", "blog-healthy");
    assertThat(result.out().lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith(
                        "{\"fault\":\"blog-lo-down\",\"expected_cause\":\"LOOPBACK_DOWN\",\"cause\":\"LOOPBACK_DOWN\",\"interface\":\"lo\",\"hook\":\"kfree_skb\",\"confidence\":\"INFERRED\",\"expected_confidence\":\"OBSERVED\",\"lines\":13,\"named\":true,\"cured\":true,\"curable\":true,\"passed\":true,")
                    .contains("\"report_after_cure\":{\"command\":{"),
            line ->
                assertThat(line)
                    .startsWith(
                        "{\"fault\":\"blog-healthy\",\"expected_cause\":\"none\",\"cause\":\"none\"")
                    .contains("\"passed\":true"),
            line -> assertThat(line).contains("\"kernel\":", "\"probes\":"));
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void a_wrong_name_fails_and_so_does_a_false_alarm() {
    CliProcess.Result result =
        run(_ -> Fixture.sourceAddressIsLocal(), "blog-rp-filter", "blog-healthy");
    assertThat(result.out())
        .containsPattern("blog-rp-filter +NO +NO +1 +observed")
        .containsPattern("blog-healthy +NO +- +1 +observed");
    assertThat(result.exitCode()).isEqualTo(1);
  }

  @Test
  void an_interruption_removes_the_namespaces() throws Exception {
    Path faults = Files.createDirectory(dir.resolve("faults"));
    Path name = dir.resolve("name");
    Files.writeString(
        faults.resolve("slow.yaml"),
        """
        name: slow
        title: Slow
        story: It waits.
        make: echo "$NS" > %s
        traffic: ip netns exec $NS sleep 1000
        expect: {cause: none}
        curable: false
        """
            .formatted(name));
    try (ScriptedServer server = ScriptedServer.reporting(dir.resolve("sock"), Fixture.healthy());
        CliProcess cli =
            CliProcess.start(
                Map.of("VETHTRACE_SERVER", server.address()),
                "lab",
                "run",
                "--all",
                "--faults",
                faults.toString())) {
      Eventually.isTrue(
          "it runs", () -> cli.handle().children().findAny().isPresent() && Files.exists(name));
      cli.interrupt();
      CliProcess.Result result = cli.result("");
      assertThat(result.err()).startsWith("vethtrace: interrupted").hasLineCount(1);
      assertNothingIsLeftOf(Files.readString(name));
    }
  }

  @Test
  void several_jobs_run_at_a_time_and_the_results_stay_in_order() throws IOException {
    Path faults = Files.createDirectory(dir.resolve("faults"));
    // The first can only end when the second has begun.
    writeHealthy(faults, "first", "mkfifo %1$s/met; cat %1$s/met".formatted(dir));
    writeHealthy(
        faults,
        "second",
        "until test -p %1$s/met; do sleep 0.01; done; echo met > %1$s/met".formatted(dir));
    CliProcess.Result result =
        run(_ -> Fixture.healthy(), "--faults", faults.toString(), "--jobs", "2", "--all");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).containsSubsequence("━━ first", "━━ second", "results");
    assertThat(result.out()).doesNotContain("met\n").contains("nothing wrong");
    assertThat(result.err()).isEqualTo("met\n");
    assertNothingIsLeftOf(result.out());
  }

  private static void writeHealthy(Path faults, String name, String traffic) throws IOException {
    Files.writeString(
        faults.resolve(name + ".yaml"),
        """
        name: %s
        title: T
        story: S
        make: 'true'
        traffic: %s
        expect: {cause: none}
        curable: false
        """
            .formatted(name, traffic));
  }

  @Test
  void no_jobs_at_all_is_a_usage_error() {
    CliProcess.Result result = run(_ -> Fixture.healthy(), "--jobs", "0", "blog-healthy");
    assertThat(result.err()).startsWith("vethtrace: --jobs has to be").hasLineCount(1);
    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void a_recipe_that_fails_is_a_sentence() throws IOException {
    Path faults = Files.createDirectory(dir.resolve("faults"));
    Files.writeString(
        faults.resolve("bad.yaml"),
        """
        name: bad
        title: T
        story: S
        make: echo no such thing >&2; false
        traffic: 'true'
        expect: {cause: none}
        curable: false
        """);
    try (ScriptedServer server = ScriptedServer.reporting(dir.resolve("sock"), Fixture.healthy())) {
      CliProcess.Result result =
          CliProcess.run(
              "--server", server.address(), "lab", "run", "--faults", faults.toString(), "bad");
      assertThat(result.err())
          .isEqualTo("vethtrace: the fault bad cannot be made here: no such thing\n");
      assertThat(result.exitCode()).isEqualTo(ExitCode.NOT_POSSIBLE);
    }
  }

  @Test
  void namespaces_of_a_killed_run_are_removed_by_the_next_one() {
    String orphan = "vt-lab-4194305-1";
    assertThat(ShellScript.run("ip netns add " + orphan, Map.of()).succeeded()).isTrue();
    FaultNamespaces.removeOrphans();
    assertThat(NETNS.resolve(orphan)).doesNotExist();
  }
}
