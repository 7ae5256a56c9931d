package io.vethtrace.daemon.kernel.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskCapabilitiesTest {
  @TempDir Path process;

  private void thread(int tid, String inheritable, String permitted, String effective)
      throws IOException {
    Path task = Files.createDirectories(process.resolve("task/" + tid));
    Files.writeString(
        task.resolve("status"),
        "CapInh:\t%s\nCapPrm:\t%s\nCapEff:\t%s\nCapBnd:\t000001ffffffffff\n"
            .formatted(inheritable, permitted, effective));
  }

  @Test
  void what_a_thread_could_take_back_counts_as_what_it_has() throws IOException {
    thread(7, "0000000000000001", "0000000000000002", "0000000000000000");
    thread(8, "0000000000000000", "0000000000000004", "0000000000000004");
    TaskCapabilities capabilities = TaskCapabilities.read(process);
    assertThat(capabilities.ofThreads()).isEqualTo(Map.of(7, 3L, 8, 4L));
    assertThat(capabilities.union()).isEqualTo(7);
    assertThat(capabilities.exceeding(4)).containsExactly(7);
    assertThat(capabilities.exceeding(7)).isEmpty();
  }

  @Test
  void a_thread_that_ended_meanwhile_has_none() throws IOException {
    Files.createDirectories(process.resolve("task/9"));
    assertThat(TaskCapabilities.read(process).ofThreads()).isEmpty();
  }

  @Test
  void every_thread_of_this_process_is_there() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = Thread.ofPlatform().start(() -> await(end));
    try (var tasks = Files.list(Path.of("/proc/self/task"))) {
      assertThat(TaskCapabilities.ofThisProcess().ofThreads()).hasSizeGreaterThan(1);
      assertThat(tasks).isNotEmpty();
    } finally {
      end.countDown();
      thread.join();
    }
  }

  private static void await(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
