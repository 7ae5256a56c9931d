package io.vethtrace.daemon.serve;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.ServerCallStreamObserver;
import io.vethtrace.daemon.engine.capture.CaptureChunk;
import io.vethtrace.daemon.engine.capture.CaptureClient;
import io.vethtrace.v1.CaptureCounts;
import io.vethtrace.v1.CaptureResponse;

/** Makes responses of the chunks of a capture. */
record CaptureResponseWriter(ServerCallStreamObserver<CaptureResponse> call)
    implements CaptureClient {
  @Override
  public boolean isReady() {
    return call.isReady();
  }

  @Override
  public boolean isCancelled() {
    return call.isCancelled();
  }

  /** The arrays are not copied: nobody else has them. */
  @Override
  public void send(CaptureChunk chunk) {
    CaptureResponse.Builder response =
        CaptureResponse.newBuilder()
            .setBlocks(UnsafeByteOperations.unsafeWrap(chunk.blocks()))
            .addAllNotes(chunk.notes());
    chunk
        .preamble()
        .ifPresent(bytes -> response.setPreamble(UnsafeByteOperations.unsafeWrap(bytes)));
    chunk.counts().ifPresent(counts -> response.setCounts(message(counts)));
    call.onNext(response.build());
  }

  private static CaptureCounts message(io.vethtrace.daemon.engine.capture.CaptureCounts counts) {
    return CaptureCounts.newBuilder()
        .setFrames(counts.frames())
        .setMatched(counts.matched())
        .setAmbiguous(counts.ambiguous())
        .setUnmatched(counts.unmatched())
        .setDrops(counts.drops())
        .setLostByTaps(counts.lostByTaps())
        .setLostByClient(counts.lostByClient())
        .setLostEvents(counts.lostEvents())
        .setWaiting(counts.waiting())
        .build();
  }
}
