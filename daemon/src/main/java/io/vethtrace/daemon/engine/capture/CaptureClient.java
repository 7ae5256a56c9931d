package io.vethtrace.daemon.engine.capture;

/** The receiver of a capture. */
public interface CaptureClient {
  /** Returns true if the client can take a chunk now; false also if it has left. */
  boolean isReady();

  /** Returns true if the client has left. */
  boolean isCancelled();

  /** Sends a chunk. The client becomes the owner of its arrays. */
  void send(CaptureChunk chunk);
}
