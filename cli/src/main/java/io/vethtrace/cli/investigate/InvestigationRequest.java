package io.vethtrace.cli.investigate;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The command to investigate, with the options of the investigation.
 *
 * @param argv the command and its arguments
 * @param stdoutToStderr true if the command's standard output goes to standard error, so that
 *     standard output has the report alone
 * @param duration the time after which the command is stopped
 * @param settle the time for which conversations may go on after the command has ended; if empty,
 *     the daemon chooses
 * @param netns the inodes of further namespaces whose packets are followed
 */
public record InvestigationRequest(
    List<String> argv,
    boolean stdoutToStderr,
    Optional<Duration> duration,
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

  /** Makes a request without further namespaces. */
  public InvestigationRequest(
      List<String> argv,
      boolean stdoutToStderr,
      Optional<Duration> duration,
      Optional<Duration> settle) {
    this(argv, stdoutToStderr, duration, settle, Set.of());
  }
}
