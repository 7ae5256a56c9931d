package io.vethtrace.daemon.capture.live;

import io.vethtrace.daemon.capture.file.CaptureInterface;
import io.vethtrace.daemon.capture.file.CapturedFrame;
import io.vethtrace.daemon.capture.file.FrameDirection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pcap4j.core.PcapNativeException;

/** A device's frames as they pass, in both directions, each on a thread of its own. */
public final class Tap implements AutoCloseable {
  private final TapPoint point;
  private final List<TapHandle> handles;
  private final List<Thread> threads = new ArrayList<>();
  private volatile @Nullable String ended;
  private long lastDropped;
  private boolean closed;

  private Tap(TapPoint point, List<TapHandle> handles) {
    this.point = point;
    this.handles = handles;
  }

  /**
   * Opens the tap; frames are kept by the kernel from now on. The calling thread must be in the
   * device's namespace.
   */
  public static Tap open(TapPoint point, TapOptions options) throws TapException {
    List<FrameDirection> directions =
        point.isLoopback()
            ? List.of(FrameDirection.UNKNOWN)
            : List.of(FrameDirection.OUTBOUND, FrameDirection.INBOUND);
    List<TapHandle> handles = new ArrayList<>();
    try {
      for (FrameDirection direction : directions) {
        handles.add(TapHandle.open(point, options, direction));
      }
      return new Tap(point, List.copyOf(handles));
    } catch (TapException e) {
      handles.forEach(TapHandle::close);
      throw e;
    }
  }

  /** Hands frames to {@code sink}, on threads of its own, until {@link #stop}. */
  public void start(Consumer<CapturedFrame> sink) {
    for (TapHandle handle : handles) {
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .name("tap-" + point.label())
              .start(() -> loop(handle, sink)));
    }
  }

  private void loop(TapHandle handle, Consumer<CapturedFrame> sink) {
    try {
      handle.loop(sink);
    } catch (PcapNativeException e) {
      ended = point.label() + ": " + e.getMessage();
    }
  }

  public TapPoint point() {
    return point;
  }

  /** Returns the description of the tap for a pcapng file. */
  public CaptureInterface described() {
    return handles.getFirst().from();
  }

  /** Returns the reason why the tap ended before {@link #stop}; null while it has not. */
  public @Nullable String ended() {
    return ended;
  }

  /** Frames that were handed over so far. */
  public long received() {
    return handles.stream().mapToLong(TapHandle::received).sum();
  }

  /** Frames that the kernel's buffers had no room for, or more: a frame may count twice. */
  public synchronized long dropped() {
    return closed ? lastDropped : handles.stream().mapToLong(TapHandle::dropped).sum();
  }

  /**
   * Takes no more frames, and returns when none is on its way to the sink. Waits before that for
   * what the kernel has gathered so far and not handed over.
   */
  public void stop() throws InterruptedException {
    if (threads.stream().anyMatch(Thread::isAlive)) {
      Thread.sleep(2 * TapHandle.TIMEOUT_MILLIS);
    }
    for (int i = 0; i < threads.size(); i++) {
      while (threads.get(i).isAlive()) {
        handles.get(i).stop();
        threads.get(i).join(20);
      }
    }
  }

  /** Stops what {@link #stop} did not: a handle that loops cannot be closed (PcapHandle's lock). */
  @Override
  public void close() {
    boolean interrupted = false;
    while (threads.stream().anyMatch(Thread::isAlive)) {
      try {
        stop();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    closeHandles();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void closeHandles() {
    if (!closed) {
      lastDropped = dropped();
      closed = true;
      handles.forEach(TapHandle::close);
    }
  }
}
