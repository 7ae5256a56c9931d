// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The program behind {@code make check}: brings the classes of the modules up to date under {@code
 * build/check} and runs unit tests from there. It never reads or writes a {@code target} folder, so
 * that Maven and it do not disturb each other.
 *
 * <p>Arguments: the tests to run, or none for all of them. Exit code 0 if no test failed; 1 if a
 * test failed, nothing compiled or no test has the name.
 */
final class Check {
  private final Workspace workspace;
  private final Map<String, SourceSet> compiled = new LinkedHashMap<>();

  private Check(Workspace workspace) {
    this.workspace = workspace;
  }

  public static void main(String[] args) throws Exception {
    Workspace workspace = Workspace.here();
    Files.createDirectories(workspace.folder());
    boolean passed;
    try (FileChannel channel = lockFile(workspace);
        FileLock _ = channel.lock()) {
      passed =
          new Check(workspace)
              .run(
                  Arrays.stream(args).flatMap(arg -> Arrays.stream(arg.split("[,\\s]+"))).toList());
    } catch (Stop e) {
      System.out.println(e.getMessage());
      passed = false;
    }
    System.out.flush();
    System.exit(passed ? 0 : 1);
  }

  /** Two runs in the same clone take turns. */
  private static FileChannel lockFile(Workspace workspace) throws IOException {
    return FileChannel.open(
        workspace.folder().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private boolean run(List<String> words) throws Exception {
    List<String> names = words.stream().filter(word -> !word.isEmpty()).toList();
    TestSelection selection = TestSelection.of(workspace, names);
    workspace.prepare();
    boolean passed = true;
    for (Module module : selection.modules()) {
      bringUpToDate(module);
    }
    for (Module module : selection.modules()) {
      passed &=
          new TestRun(workspace, module, testClasspath(module)).passes(selection.selectors(module));
    }
    if (names.isEmpty()) {
      passed &= new SourceRules().check(false);
    }
    return passed;
  }

  private void bringUpToDate(Module module) throws Exception {
    for (Module needed : module.needs()) {
      bringUpToDate(needed);
    }
    if (module.usesBpf()) {
      new Generated(workspace).bpfObjects();
    }
    if (module.usesProtoc()) {
      new Generated(workspace).protoSources();
    }
    for (boolean test : new boolean[] {false, true}) {
      SourceSet set = SourceSet.of(workspace, module, test, upstream(module, test));
      if (compiled.putIfAbsent(set.name(), set) == null && set.hasSources()) {
        new IncrementalCompilation(workspace, set).run();
      }
    }
  }

  private List<SourceSet> upstream(Module module, boolean test) {
    return compiled.values().stream()
        .filter(set ->
            test && set.module() == module || !set.test() && module.needs().contains(set.module()))
        .toList();
  }

  private List<Path> testClasspath(Module module) throws IOException {
    SourceSet tests = compiled.get(SourceSet.name(module, true));
    return tests.runtimeClasspath();
  }
}
