package io.vethtrace.cli.lab;

import io.vethtrace.cli.exit.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The network namespaces of one fault; closing removes them and every device in them. */
final class FaultNamespaces implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("vt-lab-(\\d+)-\\d+(?:-\\w+)?");

  private final FaultVariables variables;
  private final boolean keep;

  private FaultNamespaces(FaultVariables variables, boolean keep) {
    this.variables = variables;
    this.keep = keep;
  }

  static FaultNamespaces make(FaultVariables variables, boolean keep) {
    FaultNamespaces made = new FaultNamespaces(variables, keep);
    for (String name : variables.netns()) {
      ShellScript.Result result = ShellScript.run("ip netns add " + name, Map.of());
      if (!result.succeeded()) {
        remove(variables.netns());
        throw Failure.notPossible(
            "cannot make a network namespace (%s); the lab needs root and iproute2"
                .formatted(result.lastLine()));
      }
    }
    return made;
  }

  /**
   * Removes the namespaces of killed runs: their names contain the id of a process that is gone.
   */
  static void removeOrphans() {
    try (Stream<Path> named = Files.list(Path.of("/run/netns"))) {
      remove(
          named
              .map(path -> path.getFileName().toString())
              .filter(FaultNamespaces::isOrphan)
              .toList());
    } catch (IOException e) {
      // This host never had a named namespace.
    }
  }

  private static boolean isOrphan(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches() && ProcessHandle.of(Long.parseLong(matcher.group(1))).isEmpty();
  }

  private static void remove(List<String> names) {
    for (String name : names) {
      ShellScript.run("ip netns del " + name + " 2>/dev/null || :", Map.of());
    }
  }

  FaultVariables variables() {
    return variables;
  }

  @Override
  public void close() {
    if (!keep) {
      remove(variables.netns());
    }
  }
}
