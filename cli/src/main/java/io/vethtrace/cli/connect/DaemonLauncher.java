package io.vethtrace.cli.connect;

import io.vethtrace.cli.exit.Failure;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the program vethtraced of this installation. */
public final class DaemonLauncher {
  private DaemonLauncher() {}

  /** Returns the path of vethtraced. */
  public static Path find() {
    return InstallationFolder.find()
        .map(home -> home.resolve("bin/vethtraced"))
        .filter(Files::isExecutable)
        .orElseThrow(() ->
            Failure.notPossible(
                "no daemon listens on %s and this installation has no vethtraced; start vethtraced, or name another with --server"
                    .formatted(ServerAddress.DEFAULT)));
  }
}
