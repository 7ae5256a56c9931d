package io.vethtrace.cli.investigate;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What to investigate and how.
 *
 * @param argv the command, as it is passed to the kernel
 * @param stdoutToStderr keeps standard output free for the report
 * @param timeout after which the command is stopped
 * @param settle how long conversations may go on after the command; empty leaves it to the daemon
 * @param netns inodes of namespaces whose packets count too, beside those of the command's
 *     processes
 */
public record InvestigationRequest(
    List<String> argv,
    boolean stdoutToStderr,
    Optional<Duration> timeout,
    Optional<Duration> settle,
    Set<Long> netns) {
  public InvestigationRequest {
    argv = List.copyOf(argv);
    netns = Set.copyOf(netns);
    if (argv.isEmpty()) {
      throw new IllegalArgumentException("argv=[]");
    }
    if (settle.filter(Duration::isNegative).isPresent()) {
      throw new IllegalArgumentException("settle=" + settle.get());
    }
  }

  /** Of the namespaces of the command's processes alone. */
  public InvestigationRequest(
      List<String> argv,
      boolean stdoutToStderr,
      Optional<Duration> timeout,
      Optional<Duration> settle) {
    this(argv, stdoutToStderr, timeout, settle, Set.of());
  }
}
