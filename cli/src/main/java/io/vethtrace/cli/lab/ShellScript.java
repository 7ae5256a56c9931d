package io.vethtrace.cli.lab;

import io.vethtrace.cli.exit.Failure;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Runs scripts with the host's sh and an empty standard input. */
final class ShellScript {
  private static final Pattern PLAIN_WORDS = Pattern.compile("[\\w@%+=:,./ -]+");

  /**
   * The outcome of a script.
   *
   * @param output its standard output and standard error
   */
  record Result(int exitCode, String output) {
    boolean succeeded() {
      return exitCode == 0;
    }

    String lastLine() {
      return output.lines().filter(line -> !line.isBlank()).reduce("", (_, line) -> line).strip();
    }
  }

  private ShellScript() {}

  static Result run(String script, Map<String, String> environment) {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-euc", script)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw Failure.notPossible("cannot run sh: " + e.getMessage());
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  /** Returns the command to run a line: its words if no shell would change them, else a shell. */
  static List<String> argv(String line) {
    return PLAIN_WORDS.matcher(line).matches()
        ? List.of(line.strip().split(" +", -1))
        : List.of("sh", "-c", line);
  }
}
