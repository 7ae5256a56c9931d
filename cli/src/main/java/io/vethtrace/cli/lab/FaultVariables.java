package io.vethtrace.cli.lab;

import io.vethtrace.cli.connect.InstallationFolder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The variables of a fault's scripts: $NS is its first namespace, $NS2 the second, and so on;
 * $LAB_BPF is the folder of this installation that holds the lab's own BPF programs.
 */
record FaultVariables(List<String> netns) {
  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:\\{(NS\\d*|LAB_BPF)}|(NS\\d*|LAB_BPF)\\b)");

  FaultVariables {
    netns = List.copyOf(netns);
  }

  /** Returns namespace names that no other run uses: they contain the id of this process. */
  static FaultVariables numbered(long pid, int first, int count) {
    List<String> names = new ArrayList<>();
    for (int number = first; number < first + count; number++) {
      names.add("vt-lab-%d-%d".formatted(pid, number));
    }
    return new FaultVariables(names);
  }

  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    for (int index = 0; index < netns.size(); index++) {
      environment.put(index == 0 ? "NS" : "NS" + (index + 1), netns.get(index));
    }
    InstallationFolder.find()
        .ifPresent(home -> environment.put("LAB_BPF", home.resolve("lab/bpf").toString()));
    return environment;
  }

  /** Returns the text with the values in place of the variables, ready to be typed in a shell. */
  String expand(String text) {
    Map<String, String> environment = environment();
    return VARIABLE
        .matcher(text)
        .replaceAll(match -> {
          String name = match.group(1) == null ? match.group(2) : match.group(1);
          return environment.getOrDefault(name, "\\$" + name);
        });
  }
}
