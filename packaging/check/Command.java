// SPDX-License-Identifier: Apache-2.0

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs other programs. */
final class Command {
  private Command() {}

  /** Runs a program that says nothing unless it fails. */
  static void run(Path folder, String... command) throws IOException, InterruptedException {
    Path log = Files.createTempFile("check", ".log");
    try {
      int code = start(folder, ProcessBuilder.Redirect.to(log.toFile()), command);
      if (code != 0) {
        System.out.println(Files.readString(log));
        throw new Stop(String.join(" ", command) + " ended with code " + code);
      }
    } finally {
      Files.delete(log);
    }
  }

  /** Runs a program whose output goes where this program's goes, and returns its exit code. */
  static int start(Path folder, String... command) throws IOException, InterruptedException {
    return start(folder, ProcessBuilder.Redirect.INHERIT, command);
  }

  private static int start(Path folder, ProcessBuilder.Redirect output, String... command)
      throws IOException, InterruptedException {
    System.out.flush();
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .redirectOutput(output)
        .start()
        .waitFor();
  }
}
