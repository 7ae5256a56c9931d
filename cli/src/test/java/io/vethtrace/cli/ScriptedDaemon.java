package io.vethtrace.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * Keeps the private daemon's side of the contract with a scripted server: READY, an end with its
 * standard input. Everything that it is told is in a file beside its launcher.
 */
public final class ScriptedDaemon {
  private ScriptedDaemon() {}

  public static void main(String[] args) throws IOException {
    Path log = Path.of(System.getenv("DAEMON_LOG"));
    note(log, "start " + String.join(" ", args));
    Path socket = Path.of(args[Arrays.asList(args).indexOf("--socket") + 1]);
    try (ScriptedServer _ = ScriptedServer.reporting(socket, Fixture.healthy());
        BufferedReader stdin =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println("READY");
      for (String line = stdin.readLine(); line != null; line = stdin.readLine()) {
        note(log, line);
      }
    }
    note(log, "end");
  }

  private static void note(Path log, String line) throws IOException {
    Files.write(log, List.of(line), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
