package io.vethtrace.daemon.engine.capture;

import io.vethtrace.daemon.capture.file.CapturedFrame;
import io.vethtrace.daemon.capture.live.TapPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The frames on their way from the taps, which offer them on their own threads and never wait, to
 * the one thread that takes them. The bytes of frames that are under way, here and up to {@link
 * #release}, are bounded; a frame that does not fit is counted.
 */
final class FrameQueue {
  private static final int CAPACITY = 1 << 16;

  /** The share of the heap that frames may fill. */
  private static final long MAX_HELD_BYTES = Runtime.getRuntime().maxMemory() / 4;

  /** The memory that a frame takes besides its bytes. */
  private static final long FRAME_BYTES = 320;

  private final ArrayBlockingQueue<CapturedFrameOrDrop.Framed> queue =
      new ArrayBlockingQueue<>(CAPACITY);
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong held = new AtomicLong();
  private final long maxFrames;
  private volatile long endUnixNs = Long.MAX_VALUE;

  /** Takes no more than {@code maxFrames}; 0 for no limit. */
  FrameQueue(long maxFrames) {
    this.maxFrames = maxFrames;
  }

  /**
   * Leaves out frames that pass later. Taps end one after the other: without this, one end of a
   * pair would have a frame of a packet on its way, and the other end none.
   */
  void end(long unixNs) {
    endUnixNs = unixNs;
  }

  /** Adds a frame, or counts it as lost. On any thread. */
  void offer(TapPoint at, CapturedFrame frame) {
    if (frame.unixNs() > endUnixNs) {
      return;
    }
    if (taken.incrementAndGet() > maxFrames && maxFrames > 0) {
      return;
    }
    long bytes = bytes(frame);
    if (held.addAndGet(bytes) > MAX_HELD_BYTES
        || !queue.offer(new CapturedFrameOrDrop.Framed(at, frame))) {
      held.addAndGet(-bytes);
      taken.decrementAndGet();
      lost.incrementAndGet();
    }
  }

  /** Takes all frames that wait now. */
  List<CapturedFrameOrDrop.Framed> drain() {
    List<CapturedFrameOrDrop.Framed> frames = new ArrayList<>();
    queue.drainTo(frames);
    return frames;
  }

  /** Reserves room for a frame that came another way. */
  void hold(CapturedFrame frame) {
    held.addAndGet(bytes(frame));
  }

  /** Frees the room of a frame that has left the daemon. */
  void release(CapturedFrame frame) {
    held.addAndGet(-bytes(frame));
  }

  /** Returns true if frames should leave before their time: the rest is room for a slow client. */
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
