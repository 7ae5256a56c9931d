package io.vethtrace.cli.connect;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the folder of this installation, which has bin/, lib/ and lab/. The launcher names it. */
public final class InstallationFolder {
  private InstallationFolder() {}

  /** Returns the folder; empty if no launcher started this program. */
  public static Optional<Path> find() {
    return Stream.of(
            Optional.ofNullable(System.getProperty("vethtrace.home")),
            Optional.ofNullable(System.getenv("VETHTRACE_HOME")))
        .flatMap(Optional::stream)
        .filter(home -> !home.isEmpty())
        .map(home -> Path.of(home).toAbsolutePath().normalize())
        .findFirst();
  }
}
