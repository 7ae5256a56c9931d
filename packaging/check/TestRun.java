// SPDX-License-Identifier: Apache-2.0

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Runs tests of one module in a JVM of their own, in the module's folder, with the flags that Maven
 * gives them.
 */
record TestRun(Workspace workspace, Module module, List<Path> classpath) {
  private static final List<String> FLAGS =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-Xshare:auto",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+EnableDynamicAgentLoading",
          "-Dslf4j.internal.verbosity=ERROR");

  boolean passes(List<String> selectors) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(FLAGS);
    command.add("-Dvethtrace.root=" + workspace.root());
    command.add("-Dvethtrace.check=true");
    command.addAll(List.of("-cp", join(runner(), classpath), "TestRunner", module.folder()));
    command.addAll(selectors);
    return Command.start(workspace.root().resolve(module.folder()), command.toArray(String[]::new))
        == 0;
  }

  /** The class that starts JUnit. It needs JUnit's jars, and is therefore compiled here. */
  private Path runner() throws IOException {
    Path classes = workspace.folder().resolve("runner");
    Path stamp = workspace.folder().resolve("runner.of");
    if (!Files.exists(stamp) || !Files.readString(stamp).equals(workspace.version())) {
      Javac.compile(
          Workspace.files(workspace.root().resolve("packaging/check/junit")),
          workspace.jars(module),
          classes);
      Files.writeString(stamp, workspace.version());
    }
    return classes;
  }

  private static String join(Path first, List<Path> others) {
    return first
        + File.pathSeparator
        + others.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }
}
