package io.vethtrace.cli.investigate;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The thread that looks at a command's processes while they run. */
final class Follower implements AutoCloseable {
  /** ip netns exec lives about 2 ms in the namespace that it leaves, and so does a quick ping. */
  private static final Duration INTERVAL = Duration.ofMillis(1);

  private final Thread thread;
  private volatile boolean done;

  private Follower(ProcessTree tree) {
    thread =
        Thread.ofPlatform()
            .daemon()
            .name("follower")
            .unstarted(() -> {
              while (!done) {
                tree.look();
                LockSupport.parkNanos(INTERVAL.toNanos());
              }
            });
  }

  static Follower of(ProcessTree tree) {
    Follower follower = new Follower(tree);
    follower.thread.start();
    return follower;
  }

  @Override
  public void close() {
    done = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
