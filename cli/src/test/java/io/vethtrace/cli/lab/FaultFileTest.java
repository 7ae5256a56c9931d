package io.vethtrace.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.v1.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultFileTest {
  private static final Path SHIPPED = Path.of("../lab/faults");

  private static final String GOOD =
      """
      name: one
      title: A title
      story: >
        What one
        learns.
      namespaces: 2
      make: |
        ip -n "$NS" link set lo up
      traffic: ip netns exec $NS true
      expect:
        cause: LOOPBACK_DOWN
        interface: lo
        return_value: [-22, -87]
      curable: true
      """;

  @TempDir private Path dir;

  private Fault read(String text) throws IOException {
    return FaultFile.read(Files.writeString(dir.resolve("one.yaml"), text));
  }

  @Test
  void a_file_says_everything_about_a_fault() throws IOException {
    Fault fault = read(GOOD);
    assertThat(fault.story()).isEqualTo("What one learns.");
    assertThat(fault.namespaces()).isEqualTo(2);
    assertThat(fault.expect().cause()).hasValue(Finding.Cause.LOOPBACK_DOWN);
    assertThat(fault.expect().returnValues()).containsExactly(-22, -87);
    assertThat(fault.expect().hook()).isEmpty();
    assertThat(fault.curable()).isTrue();
  }

  @Test
  void a_fault_that_needs_what_is_not_here_says_what_is_lacking() throws IOException {
    String lacking = GOOD + "needs: echo no such device >&2; false\n";
    assertThat(read(lacking).lacking()).hasValue("no such device");
    assertThat(read(GOOD + "needs: 'true'\n").lacking()).isEmpty();
    assertThat(read(GOOD).lacking()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "name: one,name: two,name: has to be the file's name without .yaml",
    "title: A title,title: 7,title: has to be text",
    "title: A title,title: '',title: empty",
    "title: A title,tittle: A title,tittle: no such field",
    "curable: true,curable: perhaps,curable: has to be true or false",
    "curable: true,'',curable: missing",
    "namespaces: 2,namespaces: 0,namespaces: has to be at least 1",
    "cause: LOOPBACK_DOWN,cause: GREMLINS,expect.cause: 'GREMLINS' is no cause",
    "interface: lo,device: lo,expect.device: no such field",
    "'[-22, -87]',EINVAL,expect.return_value: has to be a number or a list of numbers",
    "title: A title,title: a: b,no YAML",
  })
  void whatever_is_wrong_names_the_file_and_the_field(String part, String wrong, String problem) {
    assertThatThrownBy(() -> read(GOOD.replace(part, wrong == null ? "" : wrong)))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageStartingWith(dir.resolve("one.yaml") + ": " + problem)
        .message()
        .hasLineCount(1);
  }

  @Test
  void an_empty_file_is_no_fault() {
    assertThatThrownBy(() -> read("")).hasMessageEndingWith("it has to be a mapping of fields");
  }

  @Test
  void every_shipped_fault_is_valid_and_says_on_which_interface_it_is() {
    FaultLibrary library = FaultLibrary.open(Optional.of(SHIPPED));
    assertThat(library.faults()).hasSizeGreaterThanOrEqualTo(8);
    // A look-up that is refused has no device yet.
    assertThat(library.faults())
        .allMatch(fault ->
            fault.expect().cause().isPresent()
                == (fault.expect().interfaceName().isPresent() || isLookup(fault)));
  }

  private static boolean isLookup(Fault fault) {
    return fault.expect().hook().filter(hook -> hook.endsWith("_table_lookup")).isPresent();
  }

  @Test
  void names_are_filled_in_as_one_would_type_them() {
    LabNames names = LabNames.numbered(42, 3, 2);
    assertThat(names.fill("ip -n \"$NS\" link; ip -n ${NS2} link; $NSX $NS3 $HOME"))
        .isEqualTo("ip -n \"vt-lab-42-3\" link; ip -n vt-lab-42-4 link; $NSX $NS3 $HOME");
  }
}
