package io.vethtrace.daemon.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.model.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * docs/causes.md has a row for each cause, and its row the faults of the lab that lead to it. With
 * VETHTRACE_WRITE=1 in the environment (`make causes`) the table is written anew.
 */
class CausesPageTest {
  private static final Path PAGE = Path.of("..", "docs", "causes.md");
  private static final Path FAULTS = Path.of("..", "lab", "faults");
  private static final Pattern ROW = Pattern.compile("^\\| `([A-Z_]+)` \\|.*\\| (.*) \\|$");
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
  private static final Pattern CAUSE = Pattern.compile("^  cause: (\\S+)$", Pattern.MULTILINE);

  /** The limit is the whole machine's; the others are what is left when no rule fits. */
  private static final Set<Cause> WITHOUT_FAULT =
      EnumSet.of(Cause.CPU_BACKLOG_FULL, Cause.OTHER_DROP, Cause.UNKNOWN);

  private static Map<String, Set<String>> rows() throws IOException {
    Map<String, Set<String>> rows = new TreeMap<>();
    for (String line : Files.readAllLines(PAGE)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Set<String> faults =
            QUOTED.matcher(row.group(2)).results().map(m -> m.group(1)).collect(names());
        assertThat(rows.put(row.group(1), faults)).as("a second row for %s", row.group(1)).isNull();
      }
    }
    return rows;
  }

  private static Collector<String, ?, Set<String>> names() {
    return Collectors.toCollection(TreeSet::new);
  }

  private static Map<String, Set<String>> faults() throws IOException {
    Map<String, Set<String>> faults = new TreeMap<>();
    try (Stream<Path> files = Files.list(FAULTS)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString().replace(".yaml", "");
        List<MatchResult> causes = CAUSE.matcher(Files.readString(file)).results().toList();
        causes.forEach(
            cause -> faults.computeIfAbsent(cause.group(1), _ -> new TreeSet<>()).add(name));
      }
    }
    faults.remove("none");
    return faults;
  }

  @Test
  void the_table_is_what_the_rules_and_the_lab_say() throws IOException {
    List<String> page = Files.readAllLines(PAGE);
    List<String> expected = new CausesPage(faults()).in(page);
    if ("1".equals(System.getenv("VETHTRACE_WRITE"))) {
      Files.write(PAGE, expected);
      return;
    }
    assertThat(page).as("docs/causes.md; make causes writes it anew").isEqualTo(expected);
  }

  @Test
  void every_cause_has_a_row() throws IOException {
    assertThat(rows().keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Cause.values()).map(Cause::name).toList());
  }

  @Test
  void every_row_names_the_faults_that_lead_to_its_cause() throws IOException {
    Map<String, Set<String>> faults = faults();
    rows()
        .forEach((cause, named) ->
            assertThat(named)
                .as("faults in the row of %s", cause)
                .isEqualTo(faults.getOrDefault(cause, Set.of())));
  }

  @Test
  void every_cause_that_a_namespace_can_show_has_a_fault() throws IOException {
    assertThat(faults().keySet())
        .containsExactlyInAnyOrderElementsOf(
            EnumSet.complementOf(EnumSet.copyOf(WITHOUT_FAULT)).stream().map(Cause::name).toList());
  }
}
