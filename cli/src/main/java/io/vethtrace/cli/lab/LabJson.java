package io.vethtrace.cli.lab;

import io.vethtrace.cli.print.JsonObject;
import java.util.List;
import java.util.stream.Collectors;

/** Prints faults as JSON, one object a line. */
public final class LabJson {
  private LabJson() {}

  /** Returns one line for each fault; topology is empty if the fault names none. */
  public static String list(List<Fault> faults) {
    return faults.stream().map(LabJson::line).collect(Collectors.joining());
  }

  private static String line(Fault fault) {
    return new JsonObject()
            .put("fault", fault.name())
            .put("title", fault.title())
            .put("topology", fault.topologyName())
            .put("namespaces", fault.namespaces())
            .put("expected_cause", fault.expect().causeName())
            .put("curable", fault.curable())
        + "\n";
  }
}
