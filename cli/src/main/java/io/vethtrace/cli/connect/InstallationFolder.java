package io.vethtrace.cli.connect;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder of this installation, with bin/, lib/ and lab/, as the launcher names it. */
public final class InstallationFolder {
  private InstallationFolder() {}

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
