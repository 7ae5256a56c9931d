package io.vethtrace.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vethtrace.cli.exit.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultTableTest {
  private static final String STATUS = "{\"kernel\":\"6.1.0-56-amd64\",\"probes\":[]}";

  @TempDir Path directory;

  private static String result(
      String fault, String expected, String cause, boolean named, boolean curable, boolean cured) {
    return """
    {"fault":"%s","expected_cause":"%s","cause":"%s","named":%b,"curable":%b,"cured":%b}\
    """
        .formatted(fault, expected, cause, named, curable, cured);
  }

  private String table(String... lines) throws IOException {
    Path file = Files.write(directory.resolve("6.1.jsonl"), List.of(lines));
    return ResultTable.of(List.of(file)).toString();
  }

  @Test
  void each_fault_says_whether_it_was_named_and_cured_and_each_twin_whether_it_was_quiet()
      throws IOException {
    assertThat(
            table(
                result("a", "XDP", "XDP", true, true, true),
                result("b", "XDP", "XDP", true, true, false),
                result("c", "XDP", "XDP", true, false, false),
                result("d", "XDP", "OTHER_DROP", false, true, false),
                result("e", "none", "none", true, false, true),
                result("f", "none", "XDP", false, false, false),
                STATUS))
        .contains(
            "|  | 6.1.0-56 |",
            "| causes named | 3 of 4 (75.0 %) |",
            "| of these, cured | 1 of 2 (50.0 %) |",
            "| healthy twins quiet | 1 of 2 (50.0 %) |",
            "| came to its end | yes |",
            "| `a` | named, cured |",
            "| `b` | named, **not cured** |",
            "| `c` | named |",
            "| `d` | **no: OTHER_DROP** |",
            "| `e` | quiet |",
            "| `f` | **false alarm: XDP** |");
  }

  @Test
  void a_missing_kernel_feature_differs_from_a_result_that_a_dead_guest_did_not_give()
      throws IOException {
    Path ended =
        Files.write(
            directory.resolve("ended"),
            List.of(result("a", "XDP", "XDP", true, false, false), STATUS));
    Path died =
        Files.write(
            directory.resolve("died"), List.of(result("b", "XDP", "XDP", true, false, false)));
    assertThat(ResultTable.of(List.of(ended, died)).toString())
        .contains(
            "| `a` | named | **no result** |", "| `b` | – | named |", "**no: what is missing");
  }

  @Test
  void a_file_that_holds_no_results_is_refused() throws IOException {
    assertThatThrownBy(() -> table("no JSON"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("6.1.jsonl cannot be read: a line is no JSON object");
  }
}
