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

/** The network namespaces of one fault; closing removes them, with every device in them. */
final class LabNamespaces implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("vt-lab-(\\d+)-\\d+(?:-\\w+)?");

  private final LabNames names;
  private final boolean keep;

  private LabNamespaces(LabNames names, boolean keep) {
    this.names = names;
    this.keep = keep;
  }

  static LabNamespaces make(LabNames names, boolean keep) {
    LabNamespaces made = new LabNamespaces(names, keep);
    for (String name : names.netns()) {
      Shell.Result result = Shell.run("ip netns add " + name, Map.of());
      if (!result.succeeded()) {
        remove(names.netns());
        throw Failure.notPossible(
            "cannot make a network namespace (%s); the lab needs root and iproute2"
                .formatted(result.lastLine()));
      }
    }
    return made;
  }

  /** Removes what runs left that were killed: namespaces named after a process that is no more. */
  static void removeOrphans() {
    try (Stream<Path> named = Files.list(Path.of("/run/netns"))) {
      remove(
          named
              .map(path -> path.getFileName().toString())
              .filter(LabNamespaces::isOrphan)
              .toList());
    } catch (IOException e) {
      // No namespace was ever named on this host.
    }
  }

  private static boolean isOrphan(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches() && ProcessHandle.of(Long.parseLong(matcher.group(1))).isEmpty();
  }

  private static void remove(List<String> names) {
    for (String name : names) {
      Shell.run("ip netns del " + name + " 2>/dev/null || :", Map.of());
    }
  }

  LabNames names() {
    return names;
  }

  @Override
  public void close() {
    if (!keep) {
      remove(names.netns());
    }
  }
}
