package io.vethtrace.cli.investigate;

import io.vethtrace.cli.connect.DaemonConnection;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.exit.Interruption;
import io.vethtrace.cli.investigate.InvestigationResult.Ending;
import io.vethtrace.v1.WhyReport;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs a command under the daemon's eyes. However it ends (by itself, by Ctrl-C, by its timeout, by
 * the daemon's death), the command's processes have an end before this returns.
 */
public final class CommandInvestigation {
  /** What ping needs to print its statistics after Ctrl-C; half of it is left for SIGTERM. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** Zero means the daemon's default, so this is the shortest that can be said. */
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private static final Duration ANSWER = Duration.ofMinutes(2);

  private final DaemonConnection connection;
  private final Interruption interruption;

  public CommandInvestigation(DaemonConnection connection, Interruption interruption) {
    this.connection = connection;
    this.interruption = interruption;
    ProcessTree.prepare();
  }

  public InvestigationResult run(InvestigationRequest request) {
    try (WhyStream stream = WhyStream.begin(connection.channel())) {
      awaitReady(stream);
      try (TracedCommand command = TracedCommand.start(request)) {
        connection.commandStarted(command.pid());
        Ending ending = awaitEnd(request, command, stream);
        connection.commandEnded(command.pid());
        command.netnsInodes().forEach(stream::scope);
        request.netns().forEach(stream::scope);
        WhyReport report = awaitReport(request, ending, stream);
        return new InvestigationResult(complete(report, request, command), ending);
      }
    }
  }

  private void awaitReady(WhyStream stream) {
    await(CompletableFuture.anyOf(stream.ready(), interruption.requested()), ANSWER);
    if (interruption.isRequested()) {
      throw Failure.interrupted("interrupted before the command was started");
    }
  }

  private Ending awaitEnd(InvestigationRequest request, TracedCommand command, WhyStream stream) {
    Duration timeout = request.timeout().orElse(Duration.ofDays(3650));
    try {
      CompletableFuture.anyOf(command.onExit(), stream.failed(), interruption.requested())
          .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      stop(command, Duration.ZERO);
      return Ending.TIMEOUT;
    } catch (ExecutionException e) {
      command.kill();
      throw connection.failure(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
    if (!interruption.isRequested()) {
      return Ending.BY_ITSELF;
    }
    stop(command, GRACE.dividedBy(2));
    return Ending.INTERRUPTED;
  }

  /** The terminal's Ctrl-C reaches the command too: it has a chance to end in its own way first. */
  private static void stop(TracedCommand command, Duration patience) {
    if (!command.hasEndedWithin(patience)) {
      command.ask();
      command.hasEndedWithin(GRACE.minus(patience));
    }
    command.kill();
  }

  private WhyReport awaitReport(InvestigationRequest request, Ending ending, WhyStream stream) {
    Duration patience = ANSWER.plus(request.settle().orElse(Duration.ZERO));
    if (ending != Ending.INTERRUPTED) {
      stream.ended(request.settle());
      await(CompletableFuture.anyOf(stream.report(), interruption.requested()), patience);
    }
    if (!stream.report().isDone()) {
      stream.ended(Optional.of(AT_ONCE));
    }
    return await(stream.report(), patience);
  }

  private static WhyReport complete(
      WhyReport report, InvestigationRequest request, TracedCommand command) {
    return report.toBuilder()
        .setCommand(
            WhyReport.Command.newBuilder()
                .addAllArgv(request.argv())
                .setExitCode(command.exitCode()))
        .build();
  }

  private <T> T await(CompletableFuture<T> answer, Duration patience) {
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw connection.failure(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException | InterruptedException e) {
      throw Failure.notPossible(
          "the daemon did not answer within %d s".formatted(patience.toSeconds()));
    }
  }
}
