package io.vethtrace.lab.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.MachineRequirements;
import io.vethtrace.lab.harness.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the installed files that are no programs: the unit, manual pages and shell completion. */
final class PackagedFilesTest {
  private static final Path SHARE = Path.of(Installation.home(), "share");

  @TempDir Path folder;

  @Test
  void systemd_understands_the_unit_and_finds_it_confined() throws IOException {
    MachineRequirements.assumeProgram("systemd-analyze");
    Path unit = folder.resolve("vethtraced.service");
    String text = Files.readString(SHARE.resolve("systemd/vethtraced.service"));
    Files.writeString(unit, text.replace("/opt/vethtrace", Installation.home()));
    ProcessResult verified =
        ProcessResult.of("systemd-analyze", "verify", "--man=no", unit.toString());
    assertThat(verified.exitCode()).as(verified.stderr()).isZero();
    assertThat(verified.stderr()).isEmpty();
    // In tenths. Tracing needs the exposure that remains; the unit gives a reason for each line.
    ProcessResult exposure =
        ProcessResult.of(
            "systemd-analyze",
            "security",
            "--no-pager",
            "--offline=true",
            "--threshold=40",
            unit.toString());
    assertThat(exposure.exitCode()).as(exposure.stdout()).isZero();
  }

  @Test
  void the_unit_has_the_capabilities_of_the_page_about_them() throws IOException {
    String page = Files.readString(Path.of(Installation.file("docs/privileges.md")));
    String unit = Files.readString(SHARE.resolve("systemd/vethtraced.service"));
    for (String setting : List.of("AmbientCapabilities=", "CapabilityBoundingSet=")) {
      assertThat(line(unit, setting)).isEqualTo(line(page, setting)).contains("CAP_SYS_ADMIN");
    }
  }

  private static String line(String text, String beginning) {
    return text.lines().filter(line -> line.startsWith(beginning)).findFirst().orElse("");
  }

  static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.walk(SHARE.resolve("man"))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void every_command_has_a_page() throws IOException {
    List<String> names = new ArrayList<>();
    for (Path page : pages()) {
      names.add(String.valueOf(page.getFileName()));
    }
    ProcessResult help = ProcessResult.of(Installation.vethtrace(), "--help");
    List<String> commands = commands(help.stdout());
    assertThat(commands).contains("why", "lab", "daemon", "completion");
    assertThat(names).contains("vethtrace.1", "vethtraced.8", "vethtrace-lab-run.1");
    assertThat(names).containsAll(commands.stream().map("vethtrace-%s.1"::formatted).toList());
  }

  /** Returns the first words of the lines under "Commands:". */
  static List<String> commands(String help) {
    return help.lines()
        .dropWhile(line -> !line.startsWith("Commands:"))
        .skip(1)
        .takeWhile(line -> line.startsWith("  "))
        .filter(line -> line.matches(" {2}[a-z].*"))
        .map(line -> line.strip().split(" ", 2)[0])
        .toList();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void groff_sets_a_page_without_a_warning(Path page) {
    MachineRequirements.assumeProgram("groff");
    ProcessResult set =
        ProcessResult.of(
            "groff", "-man", "-ww", "-k", "-T", "utf8", "-P", "-cbou", page.toString());
    assertThat(set.stderr()).isEmpty();
    assertThat(set.exitCode()).isZero();
    assertThat(set.stdout()).contains("NAME", "SYNOPSIS", "OPTIONS");
  }

  @Test
  void completion_is_what_the_program_prints() throws IOException {
    assertThat(SHARE.resolve("bash-completion/completions/vethtrace"))
        .hasContent(ProcessResult.of(Installation.vethtrace(), "completion", "bash").stdout());
  }
}
