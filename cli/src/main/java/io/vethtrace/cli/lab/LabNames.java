package io.vethtrace.cli.lab;

import io.vethtrace.cli.connect.InstallationFolder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a fault's scripts may name: its namespaces, the first as $NS, the second as $NS2, and so on;
 * and as $LAB_BPF the folder of this installation that holds the lab's own BPF programs.
 */
record LabNames(List<String> netns) {
  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:\\{(NS\\d*|LAB_BPF)}|(NS\\d*|LAB_BPF)\\b)");

  LabNames {
    netns = List.copyOf(netns);
  }

  /** Names that no other run uses: they carry this process's id. */
  static LabNames numbered(long pid, int first, int count) {
    List<String> names = new ArrayList<>();
    for (int number = first; number < first + count; number++) {
      names.add("vt-lab-%d-%d".formatted(pid, number));
    }
    return new LabNames(names);
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

  /** The text with the names in place of the variables, as one can type it. */
  String fill(String text) {
    Map<String, String> environment = environment();
    return VARIABLE
        .matcher(text)
        .replaceAll(match -> {
          String name = match.group(1) == null ? match.group(2) : match.group(1);
          return environment.getOrDefault(name, "\\$" + name);
        });
  }
}
