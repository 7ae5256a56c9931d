package io.vethtrace.cli;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import io.vethtrace.cli.connect.Connection;
import io.vethtrace.cli.print.DropStatsText;
import io.vethtrace.cli.print.DropText;
import io.vethtrace.cli.print.Json;
import io.vethtrace.cli.print.TerminalWidth;
import io.vethtrace.cli.print.WatchText;
import io.vethtrace.v1.Drop;
import io.vethtrace.v1.DropServiceGrpc;
import io.vethtrace.v1.WatchDropsRequest;
import io.vethtrace.v1.WatchDropsResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Prints drops as they come, in gRPC's own callback, and in the end their sums. */
final class DropsWatch implements StreamObserver<WatchDropsResponse> {
  /** Distinct sums; what comes beyond is shown and not summed. */
  private static final int SUMS_MAX = 10_000;

  private final Console console;
  private final boolean json;
  private final String greeting;
  private final DropText text;
  private final Map<Drop, Long> sums = new HashMap<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private boolean begun;

  DropsWatch(Console console, boolean json, String greeting) {
    this.console = console;
    this.json = json;
    this.greeting = greeting;
    text = new DropText(console.style(), TerminalWidth.ofStdout());
  }

  /** Returns when the user wants an end, the time is over or nobody reads any more. */
  void run(
      Connection connection,
      WatchDropsRequest request,
      Interruption interruption,
      Optional<Duration> limit) {
    try (Context.CancellableContext call = Context.current().withCancellation()) {
      call.run(() -> DropServiceGrpc.newStub(connection.channel()).watchDrops(request, this));
      connection.await(
          CompletableFuture.anyOf(ended, interruption.requested()),
          limit.orElse(Duration.ofDays(3650)));
    }
  }

  @Override
  public synchronized void onNext(WatchDropsResponse batch) {
    if (ended.isDone()) {
      return;
    }
    greet();
    batch.getDropsList().forEach(this::print);
    if (batch.hasLost()) {
      console
          .out()
          .print(
              json
                  ? Json.of("lost", batch.getLost()) + "\n"
                  : WatchText.of(batch.getLost(), console.style()));
    }
    if (console.out().checkError()) {
      ended.complete(null);
    }
  }

  private void greet() {
    if (!begun && console.terminal() && !json) {
      console.err().println(greeting);
    }
    begun = true;
  }

  private void print(Drop drop) {
    console.out().print(json ? Json.of("drop", drop) + "\n" : text.of(drop));
    Drop kind =
        Drop.newBuilder()
            .setReason(drop.getReason())
            .setInterface(drop.getInterface())
            .setNetns(drop.getNetns())
            .setPlace(drop.getPlace())
            .build();
    if (sums.size() < SUMS_MAX || sums.containsKey(kind)) {
      sums.merge(kind, 1L, Long::sum);
    }
  }

  /** What was shown, summed up, for people. */
  synchronized void end(List<DropsCommand.By> by) {
    ended.complete(null);
    if (!json && !sums.isEmpty()) {
      console
          .out()
          .print(
              "\n"
                  + DropStatsText.of(
                      sums,
                      by.stream().map(DropsCommand.By::dimension).toList(),
                      console.style(),
                      TerminalWidth.ofStdout()));
    }
  }

  @Override
  public void onError(Throwable error) {
    ended.completeExceptionally(error);
  }

  @Override
  public void onCompleted() {
    ended.complete(null);
  }
}
