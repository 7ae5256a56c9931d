package io.vethtrace.cli.investigate;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to investigate and how.
 *
 * @param argv the command, as it is passed to the kernel
 * @param stdoutToStderr keeps standard output free for the report
 * @param timeout after which the command is stopped
 * @param settle how long conversations may go on after the command; empty leaves it to the daemon
 */
public record Request(
    List<String> argv,
    boolean stdoutToStderr,
    Optional<Duration> timeout,
    Optional<Duration> settle) {
  public Request {
    argv = List.copyOf(argv);
    if (argv.isEmpty()) {
      throw new IllegalArgumentException("argv=[]");
    }
    if (settle.filter(Duration::isNegative).isPresent()) {
      throw new IllegalArgumentException("settle=" + settle.get());
    }
  }
}
