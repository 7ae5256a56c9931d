package io.vethtrace.lab.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The paths of the built program and of the repository. */
public final class Installation {
  private static final Path ROOT =
      Path.of(System.getProperty("vethtrace.root", "..")).toAbsolutePath().normalize();

  private Installation() {}

  public static Path root() {
    return ROOT;
  }

  public static String vethtrace() {
    return program("vethtrace");
  }

  public static String vethtraced() {
    return program("vethtraced");
  }

  private static String program(String name) {
    return file("build/vethtrace/bin/" + name);
  }

  /** Returns the folder that the build laid out. */
  public static String home() {
    return file("build/vethtrace");
  }

  /** Returns the path of a file of the repository. */
  public static String file(String path) {
    return ROOT.resolve(path).toString();
  }

  /** Returns the text of a file of the repository. */
  public static String text(String path) {
    try {
      return Files.readString(ROOT.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the names of the installed faults in the order of their files. */
  public static List<String> faults() {
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
