package io.vethtrace.daemon.kernel.netns;

import io.vethtrace.daemon.kernel.netlink.NetnsSyscalls;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/**
 * Lets tests of other packages do something inside a namespace: a socket stays where it is made.
 */
public final class NetnsThread {
  private NetnsThread() {}

  /** Calls {@code work} on a thread of its own that has entered the named namespace. */
  public static <T> T call(String netns, Callable<T> work) throws Exception {
    FutureTask<T> task =
        new FutureTask<>(() -> {
          NetnsSyscalls.enter(Path.of("/run/netns", netns));
          return work.call();
        });
    Thread.ofPlatform().daemon().name("in " + netns).start(task);
    return task.get();
  }
}
