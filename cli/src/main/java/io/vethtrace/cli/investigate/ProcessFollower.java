package io.vethtrace.cli.investigate;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that looks at a command's processes while they run: each millisecond while processes
 * come and go on this machine, and now and then while none does, as when all wait for an answer.
 */
final class ProcessFollower implements AutoCloseable {
  /** ip netns exec lives about 2 ms in the namespace that it leaves, and so does a quick ping. */
  private static final long INTERVAL_NS = Duration.ofMillis(1).toNanos();

  /** A process that has just begun goes where it will work within this time. */
  private static final long RESTLESS_NS = Duration.ofMillis(50).toNanos();

  /** A process that has long been there seldom moves. */
  private static final long CALM_INTERVAL_NS = Duration.ofMillis(50).toNanos();

  /** Looks may take a quarter of a CPU: where they take long, so does what they are to see. */
  private static final int PAUSES_PER_LOOK = 3;

  private final ProcessTree tree;
  private final Thread thread = Thread.ofPlatform().daemon().name("follower").unstarted(this::run);
  private volatile boolean done;

  private ProcessFollower(ProcessTree tree) {
    this.tree = tree;
  }

  static ProcessFollower of(ProcessTree tree) {
    ProcessFollower follower = new ProcessFollower(tree);
    follower.thread.start();
    return follower;
  }

  private void run() {
    try (TaskChanges changes = TaskChanges.open()) {
      long changedNs = System.nanoTime();
      long lookedNs = changedNs - CALM_INTERVAL_NS;
      while (!done) {
        long nowNs = System.nanoTime();
        if (changes.happened()) {
          changedNs = nowNs;
        }
        if (nowNs - changedNs < RESTLESS_NS || nowNs - lookedNs >= CALM_INTERVAL_NS) {
          tree.look();
          lookedNs = nowNs;
        }
        long tookNs = System.nanoTime() - nowNs;
        LockSupport.parkNanos(Math.max(INTERVAL_NS, PAUSES_PER_LOOK * tookNs));
      }
    }
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
