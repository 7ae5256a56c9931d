package io.vethtrace.daemon.engine.capture;

import io.vethtrace.daemon.capture.file.CapturedFrame;
import io.vethtrace.daemon.capture.live.TapPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Frames between the taps, which offer them on their own threads and never wait, and the one thread
 * that takes them. What is under way, here and up to {@link #release}, is bounded by its bytes;
 * what does not fit is counted.
 */
final class FrameQueue {
  private static final int CAPACITY = 1 << 16;

  /** What frames may fill of the heap. */
  private static final long MAX_HELD_BYTES = Runtime.getRuntime().maxMemory() / 4;

  /** What a frame costs besides its bytes. */
  private static final long FRAME_BYTES = 320;

  private final ArrayBlockingQueue<CapturedItem.Framed> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong held = new AtomicLong();
  private final long maxFrames;
  private volatile long endUnixNs = Long.MAX_VALUE;

  /** {@code maxFrames}: no more than so many are wanted; 0 for no limit. */
  FrameQueue(long maxFrames) {
    this.maxFrames = maxFrames;
  }

  /**
   * What passes later is not wanted: taps end one after the other, and of a packet on its way one
   * end of a pair would have a frame and the other none.
   */
  void end(long unixNs) {
    endUnixNs = unixNs;
  }

  /** On any thread. */
  void offer(TapPoint at, CapturedFrame frame) {
    if (frame.unixNs() > endUnixNs) {
      return;
    }
    if (taken.incrementAndGet() > maxFrames && maxFrames > 0) {
      return;
    }
    long bytes = bytes(frame);
    if (held.addAndGet(bytes) > MAX_HELD_BYTES
        || !queue.offer(new CapturedItem.Framed(at, frame))) {
      held.addAndGet(-bytes);
      taken.decrementAndGet();
      lost.incrementAndGet();
    }
  }

  /** All that wait now. */
  List<CapturedItem.Framed> drain() {
    List<CapturedItem.Framed> frames = new ArrayList<>();
    queue.drainTo(frames);
    return frames;
  }

  /** One that came another way takes room too. */
  void hold(CapturedFrame frame) {
    held.addAndGet(bytes(frame));
  }

  /** The frame has left the daemon. */
  void release(CapturedFrame frame) {
    held.addAndGet(-bytes(frame));
  }

  /** Whether frames should leave before their time; the rest of the room is for a slow client. */
  boolean isFull() {
    return held.get() > MAX_HELD_BYTES / 8;
  }

  boolean hasEnough() {
    return maxFrames > 0 && taken.get() >= maxFrames;
  }

  long lost() {
    return lost.get();
  }

  private static long bytes(CapturedFrame frame) {
    return FRAME_BYTES + frame.bytes().length;
  }
}
