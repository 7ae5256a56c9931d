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
 * Runs a command while the daemon traces its packets. The processes of the command have ended when
 * this returns, even after Ctrl-C, at the time limit, or if the daemon died.
 */
public final class CommandInvestigation {
  /** The time that ping needs for its statistics after Ctrl-C; the second half is for SIGTERM. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** The shortest time that a request can name; zero means the default of the daemon. */
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private static final Duration ANSWER_TIME = Duration.ofMinutes(2);

  private final DaemonConnection connection;
  private final Interruption interruption;

  public CommandInvestigation(DaemonConnection connection, Interruption interruption) {
    this.connection = connection;
    this.interruption = interruption;
    ProcessTree.prepare();
  }

  /** Runs the command and returns the report on its packets. */
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
    await(CompletableFuture.anyOf(stream.ready(), interruption.requested()), ANSWER_TIME);
    if (interruption.isRequested()) {
      throw Failure.interrupted("interrupted before the command was started");
    }
  }

  private Ending awaitEnd(InvestigationRequest request, TracedCommand command, WhyStream stream) {
    Duration timeout = request.duration().orElse(Duration.ofDays(3650));
    try {
      CompletableFuture.anyOf(command.onExit(), stream.failed(), interruption.requested())
          .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      stop(command, Duration.ZERO);
      return Ending.TIME_OVER;
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

  /** Stops the command. Ctrl-C reached it too, so it first gets time to end in its own way. */
  private static void stop(TracedCommand command, Duration limit) {
    if (!command.hasEndedWithin(limit)) {
      command.terminate();
      command.hasEndedWithin(GRACE.minus(limit));
    }
    command.kill();
  }

  private WhyReport awaitReport(InvestigationRequest request, Ending ending, WhyStream stream) {
    Duration limit = ANSWER_TIME.plus(request.settle().orElse(Duration.ZERO));
    if (ending != Ending.INTERRUPTED) {
      stream.ended(request.settle());
      await(CompletableFuture.anyOf(stream.report(), interruption.requested()), limit);
    }
    if (!stream.report().isDone()) {
      stream.ended(Optional.of(AT_ONCE));
    }
    return await(stream.report(), limit);
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

  private <T> T await(CompletableFuture<T> answer, Duration limit) {
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw connection.failure(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException | InterruptedException e) {
      throw Failure.notPossible(
          "the daemon did not answer within %d s".formatted(limit.toSeconds()));
    }
  }
}
