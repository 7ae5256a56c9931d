package io.vethtrace.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.cli.print.Style;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LabJsonTest {
  private final FaultLibrary library = FaultLibrary.open(Optional.of(Path.of("../lab/faults")));

  @Test
  void each_fault_is_one_object_with_its_topology() {
    assertThat(LabJson.list(library.faults()).lines())
        .hasSameSizeAs(library.faults())
        .contains(
            "{\"fault\":\"nft-forward\",\"title\":\"A firewall on the router drops what it"
                + " forwards\",\"topology\":\"router\",\"namespaces\":3,"
                + "\"expected_cause\":\"NETFILTER\",\"curable\":true}");
  }

  @Test
  void a_fault_is_shown_with_the_drawing_of_its_topology() {
    assertThat(LabTextPrinter.show(library.get("invalid-source-broadcast"), Style.PLAIN))
        .contains(
            "topology pair-two-netns: A veth pair between two namespaces\n",
            "NS   veth0 192.168.1.127/24\n",
            "make it (2 network namespaces)\n");
  }
}
