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

  private static final String WIRE =
      """
      name: wire
      title: A wire
      description: Two hosts.
      drawing: NS $ADDRESS --- NS2
      namespaces: 2
      parameters:
        ADDRESS:
        MTU: 1500
      make: ip -n $NS link set veth0 mtu $MTU address ${ADDRESS}; echo $NS2
      """;

  private Fault read(String text) throws IOException {
    write("faults/one.yaml", text);
    return FaultLibrary.open(Optional.of(dir.resolve("faults"))).get("one");
  }

  private Path write(String name, String text) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static String inWire(String fields) {
    return GOOD.replace("namespaces: 2\n", "topology: wire\n" + fields);
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
  void a_fault_that_this_kernel_cannot_make_says_what_the_kernel_lacks() throws IOException {
    String lacking = GOOD + "needs: echo no such device >&2; false\n";
    assertThat(read(lacking).missingSupport()).hasValue("no such device");
    assertThat(read(GOOD + "needs: 'true'\n").missingSupport()).isEmpty();
    assertThat(read(GOOD).missingSupport()).isEmpty();
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
  void each_error_names_the_file_and_the_field(String part, String wrong, String problem) {
    assertThatThrownBy(() -> read(GOOD.replace(part, wrong == null ? "" : wrong)))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageStartingWith(dir.resolve("faults/one.yaml") + ": " + problem)
        .message()
        .hasLineCount(1);
  }

  @Test
  void a_fault_is_made_in_the_topology_that_it_names() throws IOException {
    write("topologies/wire.yaml", WIRE);
    Fault fault = read(inWire("parameters: {ADDRESS: 10.0.0.1/24}\n"));
    assertThat(fault.topologyName()).isEqualTo("wire");
    assertThat(fault.namespaces()).isEqualTo(2);
    assertThat(fault.make())
        .isEqualTo(
            """
            ip -n $NS link set veth0 mtu 1500 address 10.0.0.1/24; echo $NS2
            ip -n "$NS" link set lo up\
            """);
    assertThat(fault.topology().orElseThrow().drawing()).isEqualTo("NS 10.0.0.1/24 --- NS2");
  }

  @Test
  void a_healthy_twin_may_be_the_topology_alone_or_add_namespaces() throws IOException {
    write("topologies/wire.yaml", WIRE);
    String twin =
        inWire("namespaces: 3\nparameters: {ADDRESS: a, MTU: 9000}\n")
            .replace("make: |\n  ip -n \"$NS\" link set lo up\n", "");
    assertThat(read(twin).namespaces()).isEqualTo(3);
    assertThat(read(twin).make())
        .isEqualTo("ip -n $NS link set veth0 mtu 9000 address a; echo $NS2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "topology: cable | topology: no topology 'cable'; there are wire",
        "topology: wire | parameters.ADDRESS: missing; topology wire needs it",
        "topology: wire#parameters: {ADDRESS: a, LENGTH: 1} | parameters.LENGTH: topology wire has no such parameter",
        "topology: wire#parameters: {ADDRESS: [a]} | parameters.ADDRESS: has to be one value",
        "topology: wire#parameters: {ADDRESS: a}#namespaces: 1 | namespaces: the topology has 2",
        "parameters: {ADDRESS: a} | parameters: only a topology has parameters",
        "make: | make: missing",
      })
  void an_error_about_a_topology_names_the_field(String fields, String problem) throws IOException {
    write("topologies/wire.yaml", WIRE);
    String text =
        fields.equals("make:")
            ? GOOD.replace("make: |\n  ip -n \"$NS\" link set lo up\n", "")
            : GOOD.replace("namespaces: 2\n", fields.replace("#", "\n") + "\n");
    assertThatThrownBy(() -> read(text))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageStartingWith(dir.resolve("faults/one.yaml") + ": " + problem);
  }

  @Test
  void where_no_topology_is_the_error_says_so() {
    assertThatThrownBy(() -> read(inWire("")))
        .hasMessageEndingWith("topology: no topology 'wire'; there are none");
  }

  @Test
  void every_shipped_topology_is_used_by_a_fault() {
    assertThat(TopologyLibrary.of(SHIPPED).topologies().stream().map(Topology::name))
        .isNotEmpty()
        .isSubsetOf(
            FaultLibrary.open(Optional.of(SHIPPED)).faults().stream()
                .map(Fault::topologyName)
                .toList());
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
  void variables_are_replaced_for_a_user_to_type() {
    FaultVariables variables = FaultVariables.numbered(42, 3, 2);
    assertThat(variables.expand("ip -n \"$NS\" link; ip -n ${NS2} link; $NSX $NS3 $HOME"))
        .isEqualTo("ip -n \"vt-lab-42-3\" link; ip -n vt-lab-42-4 link; $NSX $NS3 $HOME");
  }
}
