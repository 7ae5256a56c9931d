package io.vethtrace.lab.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.JsonLine;
import io.vethtrace.lab.harness.MachineRequirements;
import io.vethtrace.lab.harness.Poll;
import io.vethtrace.lab.harness.ProcessResult;
import io.vethtrace.lab.harness.ProcessSession;
import io.vethtrace.lab.harness.RestrictedMachine;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests {@code vethtrace doctor} on this kernel, and where something is missing that tracing needs.
 */
final class DoctorTest {
  private static final int NOT_POSSIBLE = 3;
  private static final int SCREEN_LINES = 40;
  private static final int SCREEN_COLUMNS = 80;

  @BeforeAll
  static void root() {
    MachineRequirements.assumeRoot();
  }

  private static String[] doctor(String... options) {
    return Stream.concat(Stream.of(Installation.vethtrace(), "doctor"), Stream.of(options))
        .toArray(String[]::new);
  }

  private static JsonLine json(ProcessResult run) {
    List<JsonLine> objects = JsonLine.parseLines(run.stdout());
    assertThat(objects).as(run.stderr()).hasSize(1);
    return objects.getFirst();
  }

  private static JsonLine check(JsonLine doctor, String name) {
    return doctor.objects("checks").stream()
        .filter(check -> check.text("name").equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is missing in " + doctor));
  }

  /** Checks that all checks ran, and that the one that failed says what to do. */
  private static void assertMissing(ProcessResult run, String name, String remedy) {
    assertThat(run.exitCode()).as(run.stderr()).isEqualTo(NOT_POSSIBLE);
    assertThat(run.stderr()).isEmpty();
    JsonLine doctor = json(run);
    assertThat(check(doctor, name).text("state")).isEqualTo("MISSING");
    assertThat(check(doctor, name).text("remedy")).contains(remedy);
    assertThat(doctor.get("tracing_possible")).isEqualTo(false);
    assertThat(names(doctor)).isEqualTo(names(json(ProcessResult.of(doctor("-o", "json")))));
    assertThat(doctor.objects("probes"))
        .isNotEmpty()
        .allMatch(probe -> probe.text("mechanism").equals("none"));
  }

  private static List<String> names(JsonLine doctor) {
    return doctor.objects("checks").stream().map(check -> check.text("name")).toList();
  }

  @Test
  void it_agrees_with_status_about_every_probe_point() {
    ProcessResult run = ProcessResult.of(doctor("-o", "json"));
    assertThat(run.exitCode()).as(run.stderr()).isZero();
    JsonLine status = json(ProcessResult.of(Installation.vethtrace(), "-o", "json", "status"));
    assertThat(mechanisms(json(run))).isNotEmpty().isEqualTo(mechanisms(status));
  }

  private static List<String> mechanisms(JsonLine message) {
    return message.objects("probes").stream()
        .map(probe -> probe.text("name") + " " + probe.text("mechanism"))
        .toList();
  }

  @Test
  void it_fits_one_screen_also_where_everything_is_missing() {
    assumeReachable();
    for (ProcessResult run :
        List.of(ProcessResult.of(doctor()), RestrictedMachine.asNobody(doctor()))) {
      assertThat(run.stdout().lines()).hasSizeLessThanOrEqualTo(SCREEN_LINES);
      assertThat(run.stdout().lines()).allMatch(line -> line.length() <= SCREEN_COLUMNS);
    }
  }

  private static void assumeReachable() {
    assumeTrue(
        RestrictedMachine.asNobody("test", "-x", Installation.vethtrace()).exitCode() == 0,
        "needs a working folder that every user may enter");
  }

  @Test
  void a_user_without_privileges_learns_which_are_missing() {
    assumeReachable();
    assertMissing(
        RestrictedMachine.asNobody(doctor("-o", "json")), "capabilities", "CAP_SYS_ADMIN");
  }

  @Test
  void hidden_btf_is_one_check_among_all() {
    assertMissing(
        RestrictedMachine.hiding(RestrictedMachine.WITHOUT_BTF, doctor("-o", "json")),
        "kernel BTF",
        "CONFIG_DEBUG_INFO_BTF=y");
  }

  @Test
  void hidden_libbpf_is_one_check_among_all() {
    assertMissing(
        RestrictedMachine.hiding(RestrictedMachine.WITHOUT_LIBBPF, doctor("-o", "json")),
        "libbpf",
        "libbpf1");
  }

  @Test
  void a_daemon_answers_for_its_own_privileges(@TempDir Path folder) {
    assumeReachable();
    String socket = folder.resolve("socket").toString();
    try (ProcessSession daemon =
        ProcessSession.start(Installation.vethtraced(), "--socket", socket)) {
      Poll.until("the daemon listens", () -> daemon.stdout().contains("listens"));
      ProcessResult.of("chmod", "711", folder.toString());
      ProcessResult.of("chmod", "666", socket);
      ProcessResult run =
          RestrictedMachine.asNobody(doctor("-o", "json", "--server", "unix:" + socket));
      assertThat(run.exitCode()).as(run.stderr()).isZero();
      assertThat(check(json(run), "ring buffer").text("state")).isEqualTo("OK");
      daemon.signalGroup("TERM");
      daemon.finish();
    }
  }
}
