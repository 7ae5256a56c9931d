package io.vethtrace.lab.harness;

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

/**
 * Reads ids of BPF programs. The kernel counts ids up, so that the id of a removed program does not
 * return soon.
 */
public final class BpfPrograms {
  /** The line that names the program of a descriptor (Documentation/filesystems/proc.rst). */
  private static final Pattern PROG_ID = Pattern.compile("^prog_id:\\s*(\\d+)$", Pattern.MULTILINE);

  private static final Pattern LISTED = Pattern.compile("^(\\d+): ", Pattern.MULTILINE);

  private BpfPrograms() {}

  /** Returns the programs that a process has open. */
  public static Set<Integer> of(ProcessHandle process) {
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

  /** Returns the file's text; empty if the descriptor was closed meanwhile. */
  private static String read(Path descriptor) {
    try {
      return Files.readString(descriptor, UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** Returns the programs that are loaded on this machine. */
  public static Set<Integer> loaded() {
    ProcessResult list = ProcessResult.of("bpftool", "prog", "show");
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
