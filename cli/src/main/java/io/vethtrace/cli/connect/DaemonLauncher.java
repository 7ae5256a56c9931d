package io.vethtrace.cli.connect;

import io.vethtrace.cli.exit.Failure;
import java.nio.file.Files;
import java.nio.file.Path;

/** The daemon's program beside this one. */
public final class DaemonLauncher {
  private DaemonLauncher() {}

  public static Path find() {
    return InstallationFolder.find()
        .map(home -> home.resolve("bin/vethtraced"))
        .filter(Files::isExecutable)
        .orElseThrow(() ->
            Failure.notPossible(
                "no daemon listens on %s and there is no vethtraced beside this program; start vethtraced or name one with --server"
                    .formatted(ServerAddress.DEFAULT)));
  }
}
