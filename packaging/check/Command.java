// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.file.Path;

/** Runs a program whose output goes where this program's goes. */
final class Command {
  private Command() {}

  static void run(Path folder, String... command) throws IOException, InterruptedException {
    int code = start(folder, command);
    if (code != 0) {
      throw new Stop(String.join(" ", command) + " ended with code " + code);
    }
  }

  static int start(Path folder, String... command) throws IOException, InterruptedException {
    System.out.flush();
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return process.waitFor();
  }
}
