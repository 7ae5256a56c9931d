package io.vethtrace.cli.investigate;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that looks at the processes of a command: each millisecond while processes begin and end
 * on this machine, and seldom while none does, for example while all wait for a reply.
 */
final class ProcessFollower implements AutoCloseable {
  /** ip netns exec lives about 2 ms in the namespace that it leaves, and so does a quick ping. */
  private static final long INTERVAL_NS = Duration.ofMillis(1).toNanos();

  /** The time within which a new process enters the namespace in which it works. */
  private static final long MOVING_NS = Duration.ofMillis(50).toNanos();

  /** The interval while no process begins or ends. An old process seldom moves. */
  private static final long IDLE_INTERVAL_NS = Duration.ofMillis(50).toNanos();

  /** Limits the looks to a quarter of a CPU. On a slow machine the processes are slow too. */
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
      long lookedNs = changedNs - IDLE_INTERVAL_NS;
      while (!done) {
        long nowNs = System.nanoTime();
        if (changes.happened()) {
          changedNs = nowNs;
        }
        if (nowNs - changedNs < MOVING_NS || nowNs - lookedNs >= IDLE_INTERVAL_NS) {
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
