package io.vethtrace.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Ids of BPF programs. The kernel counts ids up, so one that is gone does not come back soon. */
final class BpfPrograms {
  /** Descriptors of programs and of links name the program (Documentation/filesystems/proc.rst). */
  private static final Pattern PROG_ID = Pattern.compile("^prog_id:\\s*(\\d+)$", Pattern.MULTILINE);

  private static final Pattern LISTED = Pattern.compile("^(\\d+): ", Pattern.MULTILINE);

  private BpfPrograms() {}

  /** Programs that a process holds. */
  static Set<Integer> of(ProcessHandle process) {
    Set<Integer> ids = new HashSet<>();
    Path folder = Path.of("/proc/%d/fdinfo".formatted(process.pid()));
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(folder)) {
      for (Path descriptor : descriptors) {
        ids.addAll(matches(PROG_ID, read(descriptor)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ids;
  }

  /** A descriptor may be closed while the folder is being read. */
  private static String read(Path descriptor) {
    try {
      return Files.readString(descriptor, UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** Programs that are loaded on this machine. */
  static Set<Integer> loaded() {
    Finished list = Finished.of("bpftool", "prog", "show");
    if (list.exitCode() != 0) {
      throw new AssertionError("bpftool prog show failed: " + list.stderr());
    }
    return matches(LISTED, list.stdout());
  }

  private static Set<Integer> matches(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(match -> Integer.valueOf(match.group(1)))
        .collect(Collectors.toSet());
  }
}
