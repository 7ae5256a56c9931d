package io.vethtrace.cli;

import io.vethtrace.cli.exit.Interruption;
import io.vethtrace.cli.print.Style;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One command line in this JVM, for what needs no streams or signals of its own. */
public final class InProcess {
  private InProcess() {}

  public static CliProcess.Result run(ScriptedServer server, String... args) {
    List<String> all = new ArrayList<>(List.of("--server", server.address()));
    all.addAll(List.of(args));
    return run(new Interruption(), all.toArray(String[]::new));
  }

  public static CliProcess.Result run(Interruption interruption, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(stream(out), stream(err), Style.PLAIN, false);
    int exitCode = Vethtrace.run(args, console, interruption);
    return new CliProcess.Result(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
