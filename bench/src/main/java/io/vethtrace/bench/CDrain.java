package io.vethtrace.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** The rival, {@code src/main/c/drain.c}: one process for all rounds. */
final class CDrain implements Drain {
  private final Process process;
  private final Writer requests;
  private final BufferedReader rounds;

  CDrain(String program, String object, int ringBytes, long records) throws IOException {
    process =
        new ProcessBuilder(
                List.of(program, object, Integer.toString(ringBytes), Long.toString(records)))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    requests = process.outputWriter();
    rounds = process.inputReader();
  }

  @Override
  public Round round() throws IOException {
    requests.write("\n");
    requests.flush();
    String line = rounds.readLine();
    if (line == null) {
      throw new IOException("the C program ended: pid=" + process.pid());
    }
    String[] fields = line.split(" ", 2);
    return new Round(Long.parseLong(fields[0]), Long.parseLong(fields[1]));
  }

  @Override
  public void close() throws IOException {
    requests.close(); // the end of its input ends it
    rounds.close();
  }
}
