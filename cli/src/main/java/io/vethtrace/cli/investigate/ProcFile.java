package io.vethtrace.cli.investigate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads files of /proc about one process. A process that has ended gives empty values. */
final class ProcFile {
  /** The folder of named namespaces (ip-netns(8)). */
  private static final Path NAMED_NETNS = Path.of("/run/netns");

  private ProcFile() {}

  /** Returns the inode in {@code net:[4026531840]}; empty for a zombie or without permission. */
  static Optional<Long> netnsInode(long pid) {
    try {
      String link = Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/net")).toString();
      return Optional.of(Long.parseLong(link.substring(link.indexOf('[') + 1, link.length() - 1)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static boolean exists(long pid) {
    return Files.exists(Path.of("/proc/" + pid));
  }

  /** Returns true if it is no zombie. The state follows the bracket after the name (proc(5)). */
  static boolean isRunning(long pid) {
    String stat = read(Path.of("/proc/" + pid + "/stat"));
    int name = stat.lastIndexOf(')');
    return name >= 0 && stat.charAt(name + 2) != 'Z' && stat.charAt(name + 2) != 'X';
  }

  /** Returns the children of all threads. /proc/PID/task/TID/children has those of one thread. */
  static List<Long> children(long pid) {
    List<Long> children = new ArrayList<>();
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads) {
        for (String child : read(thread.resolve("children")).split(" ", -1)) {
          if (!child.isBlank()) {
            children.add(Long.parseLong(child));
          }
        }
      }
    } catch (IOException | DirectoryIteratorException | UncheckedIOException e) {
      // The process ended while its files were read.
    }
    return children;
  }

  static List<String> argv(long pid) {
    return Arrays.asList(read(Path.of("/proc/" + pid + "/cmdline")).split("\0", -1));
  }

  static Optional<Long> namedNetnsInode(String name) {
    if (name.isEmpty() || name.startsWith(".") || name.contains("/")) {
      return Optional.empty();
    }
    try {
      return Optional.of((Long) Files.getAttribute(NAMED_NETNS.resolve(name), "unix:ino"));
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static String read(Path path) {
    try {
      return Files.readString(path, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
