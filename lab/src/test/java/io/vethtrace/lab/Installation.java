package io.vethtrace.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the build left the program, and the repository that it is in. */
final class Installation {
  private static final Path ROOT =
      Path.of(System.getProperty("vethtrace.root", "..")).toAbsolutePath().normalize();

  private Installation() {}

  static Path root() {
    return ROOT;
  }

  static String vethtrace() {
    return program("vethtrace");
  }

  static String vethtraced() {
    return program("vethtraced");
  }

  private static String program(String name) {
    return file("build/vethtrace/bin/" + name);
  }

  /** The folder that the build laid out. */
  static String home() {
    return file("build/vethtrace");
  }

  /** A file of the repository. */
  static String file(String path) {
    return ROOT.resolve(path).toString();
  }

  /** What a file of the repository holds. */
  static String text(String path) {
    try {
      return Files.readString(ROOT.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names of the faults that are installed, in the order of their files. */
  static List<String> faults() {
    try (Stream<Path> files = Files.list(ROOT.resolve("build/vethtrace/lab/faults"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml"))
          .sorted()
          .map(name -> name.substring(0, name.length() - ".yaml".length()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
