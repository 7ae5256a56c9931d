// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tests to run, by module: {@code CLASS} or {@code CLASS#METHOD}, with the class's full name.
 */
final class TestSelection {
  private final Map<Module, List<String>> selectors = new EnumMap<>(Module.class);

  private TestSelection() {}

  static TestSelection of(Workspace workspace, List<String> names) throws IOException {
    TestSelection selection = new TestSelection();
    Map<Module, Map<String, String>> classes = classes(workspace);
    for (String name : names.isEmpty() ? List.of("*Test") : names) {
      selection.add(name, classes);
    }
    return selection;
  }

  /** Full names of the classes among the test sources by their simple names. */
  private static Map<Module, Map<String, String>> classes(Workspace workspace) throws IOException {
    Map<Module, Map<String, String>> classes = new EnumMap<>(Module.class);
    for (Module module : Module.values()) {
      Path java = workspace.root().resolve(module.folder()).resolve("src/test/java");
      Map<String, String> names = new TreeMap<>();
      for (Path file : Workspace.files(java)) {
        String path = java.relativize(file).toString();
        if (path.endsWith(".java")) {
          names.put(
              CompiledFile.fileStem(path),
              path.substring(0, path.length() - ".java".length()).replace('/', '.'));
        }
      }
      classes.put(module, names);
    }
    return classes;
  }

  private void add(String name, Map<Module, Map<String, String>> classes) {
    int hash = name.indexOf('#');
    String method = hash < 0 ? "" : name.substring(hash);
    String type = hash < 0 ? name : name.substring(0, hash);
    Pattern pattern =
        Pattern.compile(
            Pattern.quote(type.substring(type.lastIndexOf('.') + 1)).replace("*", "\\E.*\\Q"));
    boolean found = false;
    for (Map.Entry<Module, Map<String, String>> module : classes.entrySet()) {
      for (Map.Entry<String, String> candidate : module.getValue().entrySet()) {
        if (pattern.matcher(candidate.getKey()).matches()) {
          selectors
              .computeIfAbsent(module.getKey(), _ -> new ArrayList<>())
              .add(candidate.getValue() + method);
          found = true;
        }
      }
    }
    if (!found) {
      throw new Stop(
          "no test class is named " + type + "; did you mean " + similar(type, classes) + "?");
    }
  }

  private static String similar(String name, Map<Module, Map<String, String>> classes) {
    Stream<String> all = classes.values().stream().flatMap(names -> names.keySet().stream());
    String part = name.replaceFirst("Test$", "");
    return all.filter(candidate -> candidate.endsWith("Test"))
        .sorted(
            Comparator.comparing((String candidate) -> !candidate.contains(part))
                .thenComparing(candidate -> distance(name, candidate)))
        .limit(3)
        .collect(Collectors.joining(", "));
  }

  /** The number of letters to insert, delete or replace, Levenshtein's. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }

  List<Module> modules() {
    return List.copyOf(selectors.keySet());
  }

  List<String> selectors(Module module) {
    return selectors.get(module);
  }
}
