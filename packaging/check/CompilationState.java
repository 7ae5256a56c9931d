// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of a source set as they were compiled, and those of the source sets before it as they
 * were then. A file of lines:
 *
 * <pre>
 * key KEY
 * own|upstream PATH CONTENT INTERFACE CLASS,CLASS...
 * </pre>
 */
final class CompilationState {
  private final Path file;
  private final String key;
  private final Map<String, CompiledFile> own = new TreeMap<>();
  private final Map<String, CompiledFile> upstream = new TreeMap<>();

  private CompilationState(Path file, String key) {
    this.file = file;
    this.key = key;
  }

  /** Reads the state; an empty one if there is none or it was made under another key. */
  static CompilationState read(Path file, String key) throws IOException {
    CompilationState state = new CompilationState(file, key);
    List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
    if (!lines.isEmpty() && lines.getFirst().equals("key " + key)) {
      lines.stream().skip(1).forEach(state::add);
    }
    return state;
  }

  private void add(String line) {
    String[] words = line.split(" ", -1);
    List<String> classes = words[4].isEmpty() ? List.of() : List.of(words[4].split(","));
    CompiledFile compiled = new CompiledFile(words[1], words[2], words[3], classes);
    (words[0].equals("own") ? own : upstream).put(compiled.path(), compiled);
  }

  Map<String, CompiledFile> own() {
    return own;
  }

  Map<String, CompiledFile> upstream() {
    return upstream;
  }

  void write() throws IOException {
    List<String> lines = new ArrayList<>(List.of("key " + key));
    own.values().forEach(compiled -> lines.add(line("own", compiled)));
    upstream.values().forEach(compiled -> lines.add(line("upstream", compiled)));
    Files.createDirectories(file.getParent());
    Path next = Files.write(file.resolveSibling(file.getFileName() + ".next"), lines);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String line(String kind, CompiledFile compiled) {
    return String.join(
        " ",
        kind,
        compiled.path(),
        compiled.content(),
        compiled.interfaceHash(),
        String.join(",", compiled.classes()));
  }
}
