// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The main or the test sources of a module, which javac compiles into one folder.
 *
 * @param upstream the source sets whose classes these sources may use
 */
record SourceSet(Workspace workspace, Module module, boolean test, List<SourceSet> upstream) {
  static SourceSet of(Workspace workspace, Module module, boolean test, List<SourceSet> upstream) {
    return new SourceSet(workspace, module, test, upstream);
  }

  static String name(Module module, boolean test) {
    return module.folder() + (test ? "-test" : "");
  }

  String name() {
    return name(module, test);
  }

  private Path base() {
    return workspace.root().resolve(module.folder()).resolve(test ? "src/test" : "src/main");
  }

  /** The folder of the classes. ArchUnit knows test classes by their folder {@code out/test}. */
  Path output() {
    return workspace.folder().resolve(module.folder()).resolve(test ? "out/test" : "out/main");
  }

  Path stateFile() {
    return workspace.folder().resolve("state").resolve(name());
  }

  boolean hasSources() throws IOException {
    return !sources().isEmpty();
  }

  List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>(Workspace.files(base().resolve("java")));
    if (module.usesProtoc() && !test) {
      sources.addAll(Workspace.files(Generated.protoSources(workspace)));
    }
    sources.removeIf(file -> !file.toString().endsWith(".java"));
    return sources;
  }

  List<Path> compileClasspath() throws IOException {
    Set<Path> path = new LinkedHashSet<>();
    upstream.forEach(set -> path.add(set.output()));
    path.addAll(workspace.jars(module));
    return List.copyOf(path);
  }

  List<Path> runtimeClasspath() throws IOException {
    Set<Path> path = new LinkedHashSet<>(List.of(output(), resources()));
    for (SourceSet set : upstream) {
      path.addAll(List.of(set.output(), set.resources()));
    }
    if (module.usesBpf()) {
      path.add(Generated.bpfResources(workspace));
    }
    path.addAll(workspace.jars(module));
    return List.copyOf(path);
  }

  /**
   * The folder of resources as it lies in the repository, but for the one that Maven would fill in.
   */
  private Path resources() throws IOException {
    Path source = base().resolve("resources");
    if (module != Module.CLI || test) {
      return source;
    }
    Path filtered = workspace.folder().resolve("resources").resolve(name());
    Workspace.delete(filtered);
    for (Path file : Workspace.files(source)) {
      Path copy = filtered.resolve(source.relativize(file));
      Files.createDirectories(copy.getParent());
      Files.writeString(
          copy, Files.readString(file).replace("${project.version}", workspace.projectVersion()));
    }
    return filtered;
  }
}
