package io.vethtrace.cli;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import io.vethtrace.cli.connect.Connection;
import io.vethtrace.cli.print.Json;
import io.vethtrace.cli.print.WatchText;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Journey;
import io.vethtrace.v1.Lost;
import io.vethtrace.v1.TraceServiceGrpc;
import io.vethtrace.v1.WatchRequest;
import io.vethtrace.v1.WatchResponse;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Prints a stream of batches. It prints in gRPC's own callback, so that a slow standard output
 * slows the stream, and the daemon counts what does not fit.
 */
final class Watch implements StreamObserver<WatchResponse> {
  private final Console console;
  private final PrintStream out;
  private final boolean json;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private boolean begun;

  Watch(Console console, boolean json) {
    this.console = console;
    this.out = console.out();
    this.json = json;
  }

  /** Returns when the user wants an end or nobody reads standard output any more. */
  void run(Connection connection, WatchRequest request, Interruption interruption) {
    try (Context.CancellableContext call = Context.current().withCancellation()) {
      call.run(() -> TraceServiceGrpc.newStub(connection.channel()).watch(request, this));
      CompletableFuture.anyOf(ended, interruption.requested()).get();
    } catch (ExecutionException e) {
      throw connection.failure(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  @Override
  public void onNext(WatchResponse batch) {
    greet();
    batch.getJourneysList().forEach(this::print);
    batch.getFindingsList().forEach(this::print);
    if (batch.hasLost()) {
      print(batch.getLost());
    }
    if (out.checkError()) {
      ended.complete(null);
    }
  }

  private void greet() {
    if (!begun && console.terminal() && !json) {
      console.err().println("watching; Ctrl-C ends it");
    }
    begun = true;
  }

  private void print(Journey journey) {
    write(json ? Json.of("journey", journey) + "\n" : WatchText.of(journey, console.style()));
  }

  private void print(Finding finding) {
    write(json ? Json.of("finding", finding) + "\n" : WatchText.of(finding, console.style()));
  }

  private void print(Lost lost) {
    write(json ? Json.of("lost", lost) + "\n" : WatchText.of(lost, console.style()));
  }

  private void write(String text) {
    out.print(text);
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
