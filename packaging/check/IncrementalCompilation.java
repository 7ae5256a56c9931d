// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Brings the classes of a source set up to date. It compiles the files whose text changed; if their
 * interface changed too, then every file that can depend on them, over however many others. Files
 * that came, went or changed in the source sets before this one count in the same way. What is
 * about to be compiled is marked as outdated on disk before, so that a run that was cut off leaves
 * nothing that looks up to date.
 */
final class IncrementalCompilation {
  private final Workspace workspace;
  private final SourceSet set;
  private final CompilationState state;
  private final Map<String, Path> sources = new LinkedHashMap<>();
  private final Map<String, String> contents = new HashMap<>();
  private final Map<String, CompiledFile> upstream = new TreeMap<>();

  IncrementalCompilation(Workspace workspace, SourceSet set) throws IOException {
    this.workspace = workspace;
    this.set = set;
    this.state = CompilationState.read(set.stateFile(), key(workspace, set));
  }

  private static String key(Workspace workspace, SourceSet set) throws IOException {
    return Workspace.hash(workspace.version() + set.compileClasspath());
  }

  void run() throws IOException {
    readSources();
    readUpstream();
    if (state.own().isEmpty()) {
      Workspace.delete(set.output());
    }
    Set<String> outdated = reaching(changedBefore());
    sources.keySet().stream().filter(this::textChanged).forEach(outdated::add);
    Set<String> gone = new TreeSet<>(state.own().keySet());
    gone.removeAll(sources.keySet());
    forget(gone);
    state.upstream().clear();
    state.upstream().putAll(upstream);
    Set<String> dependent = compile(outdated);
    if (!outdated.containsAll(dependent)) {
      compile(dependent);
    }
    state.write();
  }

  private void readSources() throws IOException {
    for (Path source : set.sources()) {
      String path = workspace.root().relativize(source).toString();
      sources.put(path, source);
      contents.put(path, Workspace.hash(List.of(source)));
    }
  }

  private void readUpstream() throws IOException {
    for (SourceSet before : set.upstream()) {
      upstream.putAll(CompilationState.read(before.stateFile(), key(workspace, before)).own());
    }
  }

  private boolean textChanged(String path) {
    CompiledFile compiled = state.own().get(path);
    return compiled == null || !compiled.content().equals(contents.get(path));
  }

  /** Names of types that came, went or, in the source sets before this one, changed. */
  private Set<String> changedBefore() {
    Set<String> names = new HashSet<>();
    if (state.own().isEmpty()) {
      return names; // Everything is compiled anyway.
    }
    for (String path : sources.keySet()) {
      if (!state.own().containsKey(path)) {
        names.add(CompiledFile.fileStem(path));
      }
    }
    for (CompiledFile compiled : state.own().values()) {
      if (!sources.containsKey(compiled.path())) {
        names.addAll(compiled.typeNames());
      }
    }
    addDifferences(state.upstream(), upstream, names);
    addDifferences(upstream, state.upstream(), names);
    return names;
  }

  private static void addDifferences(
      Map<String, CompiledFile> from, Map<String, CompiledFile> to, Set<String> names) {
    for (CompiledFile file : from.values()) {
      CompiledFile other = to.get(file.path());
      if (other == null || !other.interfaceHash().equals(file.interfaceHash())) {
        names.addAll(file.typeNames());
      }
    }
  }

  /** The files of this source set that can depend on types of these names. */
  private Set<String> reaching(Set<String> names) throws IOException {
    if (names.isEmpty()) {
      return new TreeSet<>();
    }
    Mentions mentions = new Mentions();
    Map<String, Set<String>> typeNames = new HashMap<>();
    for (SourceSet before : set.upstream()) {
      for (Path source : before.sources()) {
        mentions.add(workspace.root().relativize(source).toString(), source);
      }
    }
    for (Map.Entry<String, Path> source : sources.entrySet()) {
      mentions.add(source.getKey(), source.getValue());
    }
    upstream.values().forEach(file -> typeNames.put(file.path(), file.typeNames()));
    state.own().values().forEach(file -> typeNames.put(file.path(), file.typeNames()));
    Set<String> reached = new TreeSet<>(mentions.reaching(names, typeNames));
    reached.retainAll(sources.keySet());
    return reached;
  }

  private void forget(Set<String> gone) throws IOException {
    for (String path : gone) {
      deleteClasses(path);
    }
    gone.forEach(state.own()::remove);
  }

  /** Compiles and returns the files that can depend on what the interfaces of these now are. */
  private Set<String> compile(Set<String> paths) throws IOException {
    if (paths.isEmpty()) {
      return Set.of();
    }
    Map<String, CompiledFile> before = new HashMap<>();
    for (String path : paths) {
      deleteClasses(path);
      CompiledFile compiled = state.own().get(path);
      if (compiled != null) {
        before.put(path, compiled);
        state.own().put(path, compiled.outdated());
      }
    }
    state.write();
    System.out.printf("Compiling %d of %d files of %s%n", paths.size(), sources.size(), set.name());
    Map<Path, Set<String>> classes =
        Javac.compile(
            paths.stream().map(sources::get).toList(), set.compileClasspath(), set.output());
    Set<String> names = new HashSet<>();
    for (Map.Entry<Path, Set<String>> source : classes.entrySet()) {
      CompiledFile now = compiled(source.getKey(), source.getValue());
      CompiledFile old = before.get(now.path());
      state.own().put(now.path(), now);
      if (old == null || !old.interfaceHash().equals(now.interfaceHash())) {
        names.addAll(now.typeNames());
        Objects.requireNonNullElse(old, now).typeNames().forEach(names::add);
      }
    }
    Set<String> dependent = paths.size() == sources.size() ? Set.of() : reaching(names);
    if (!paths.containsAll(dependent)) {
      dependent.forEach(path -> state.own().computeIfPresent(path, (_, file) -> file.outdated()));
    }
    state.write();
    return dependent;
  }

  private CompiledFile compiled(Path source, Set<String> classes) throws IOException {
    String path = workspace.root().relativize(source).toString();
    List<byte[]> bytes = new ArrayList<>();
    for (String name : classes) {
      bytes.add(Files.readAllBytes(classFile(name)));
    }
    return new CompiledFile(
        path, contents.get(path), InterfaceHash.of(bytes), List.copyOf(classes));
  }

  private void deleteClasses(String path) throws IOException {
    CompiledFile compiled = state.own().get(path);
    if (compiled != null) {
      for (String name : compiled.classes()) {
        Files.deleteIfExists(classFile(name));
      }
    }
  }

  private Path classFile(String name) {
    return set.output().resolve(name.replace('.', '/') + ".class");
  }
}
