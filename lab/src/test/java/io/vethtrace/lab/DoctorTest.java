package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code vethtrace doctor} on this kernel, and where it lacks what tracing needs. */
final class DoctorTest {
  private static final int NOT_POSSIBLE = 3;
  private static final int SCREEN_LINES = 40;
  private static final int SCREEN_COLUMNS = 80;

  @BeforeAll
  static void root() {
    Machine.assumeRoot();
  }

  private static String[] doctor(String... options) {
    return Stream.concat(Stream.of(Installation.vethtrace(), "doctor"), Stream.of(options))
        .toArray(String[]::new);
  }

  private static Json json(Finished run) {
    List<Json> objects = Json.parseLines(run.stdout());
    assertThat(objects).as(run.stderr()).hasSize(1);
    return objects.getFirst();
  }

  private static Json check(Json doctor, String name) {
    return doctor.objects("checks").stream()
        .filter(check -> check.text("name").equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is missing in " + doctor));
  }

  /** Whatever is missing, all checks are made, and the one that is meant says what to do. */
  private static void assertMissing(Finished run, String name, String remedy) {
    assertThat(run.exitCode()).as(run.stderr()).isEqualTo(NOT_POSSIBLE);
    assertThat(run.stderr()).isEmpty();
    Json doctor = json(run);
    assertThat(check(doctor, name).text("state")).isEqualTo("MISSING");
    assertThat(check(doctor, name).text("remedy")).contains(remedy);
    assertThat(doctor.get("tracing_possible")).isEqualTo(false);
    assertThat(names(doctor)).isEqualTo(names(json(Finished.of(doctor("-o", "json")))));
    assertThat(doctor.objects("probes"))
        .isNotEmpty()
        .allMatch(probe -> probe.text("mechanism").equals("none"));
  }

  private static List<String> names(Json doctor) {
    return doctor.objects("checks").stream().map(check -> check.text("name")).toList();
  }

  @Test
  void it_agrees_with_status_about_every_probe_point() {
    Finished run = Finished.of(doctor("-o", "json"));
    assertThat(run.exitCode()).as(run.stderr()).isZero();
    Json status = json(Finished.of(Installation.vethtrace(), "-o", "json", "status"));
    assertThat(mechanisms(json(run))).isNotEmpty().isEqualTo(mechanisms(status));
  }

  private static List<String> mechanisms(Json message) {
    return message.objects("probes").stream()
        .map(probe -> probe.text("name") + " " + probe.text("mechanism"))
        .toList();
  }

  @Test
  void it_fits_one_screen_also_where_everything_is_missing() {
    assumeReachable();
    for (Finished run : List.of(Finished.of(doctor()), Isolation.asNobody(doctor()))) {
      assertThat(run.stdout().lines()).hasSizeLessThanOrEqualTo(SCREEN_LINES);
      assertThat(run.stdout().lines()).allMatch(line -> line.length() <= SCREEN_COLUMNS);
    }
  }

  private static void assumeReachable() {
    assumeTrue(
        Isolation.asNobody("test", "-x", Installation.vethtrace()).exitCode() == 0,
        "needs a working folder that every user may enter");
  }

  @Test
  void a_user_without_privileges_learns_which_are_missing() {
    assumeReachable();
    assertMissing(Isolation.asNobody(doctor("-o", "json")), "capabilities", "CAP_SYS_ADMIN");
  }

  @Test
  void hidden_btf_is_one_check_among_all() {
    assertMissing(
        Isolation.hiding(Isolation.WITHOUT_BTF, doctor("-o", "json")),
        "kernel BTF",
        "CONFIG_DEBUG_INFO_BTF=y");
  }

  @Test
  void hidden_libbpf_is_one_check_among_all() {
    assertMissing(
        Isolation.hiding(Isolation.WITHOUT_LIBBPF, doctor("-o", "json")), "libbpf", "libbpf1");
  }

  @Test
  void a_daemon_answers_for_its_own_privileges(@TempDir Path folder) {
    assumeReachable();
    String socket = folder.resolve("socket").toString();
    try (Running daemon = Running.start(Installation.vethtraced(), "--socket", socket)) {
      Await.until("the daemon listens", () -> daemon.stdout().contains("listens"));
      Finished.of("chmod", "711", folder.toString());
      Finished.of("chmod", "666", socket);
      Finished run = Isolation.asNobody(doctor("-o", "json", "--server", "unix:" + socket));
      assertThat(run.exitCode()).as(run.stderr()).isZero();
      assertThat(check(json(run), "ring buffer").text("state")).isEqualTo("OK");
      daemon.signalGroup("TERM");
      daemon.finish();
    }
  }
}
