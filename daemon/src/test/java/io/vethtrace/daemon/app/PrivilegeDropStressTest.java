package io.vethtrace.daemon.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vethtrace.daemon.kernel.host.Capability;
import io.vethtrace.daemon.kernel.host.TaskCapabilities;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The privilege drop in a process that starts threads all the time. The process is one of its own,
 * because what it gives up is gone for good.
 */
class PrivilegeDropStressTest {
  private static final Path SOURCE = Path.of("src/main/c/threads.c");

  @Test
  void no_thread_keeps_a_capability_that_is_given_up(@TempDir Path home) throws Exception {
    assumeTrue(
        (TaskCapabilities.ofThisProcess().union() & Capability.CAP_SYS_ADMIN.mask()) != 0,
        "needs root: only who has capabilities can give them up");
    assumeTrue(compile(home), "needs a C compiler (cc)");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-Dvethtrace.home=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                Dropping.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(output.lines().toList().getLast()).isEqualTo("none left");
    assertThat(process.exitValue()).isZero();
  }

  private static boolean compile(Path home) throws Exception {
    Path library = Files.createDirectories(home.resolve("lib")).resolve("libvethtrace.so");
    try {
      return new ProcessBuilder(
                  "cc", "-shared", "-fPIC", "-o", library.toString(), SOURCE.toString())
              .inheritIO()
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** The process: threads that start threads, before, while and after privileges are dropped. */
  static final class Dropping {
    private static final int STARTERS = 4;
    private static final CountDownLatch OVER = new CountDownLatch(1);
    private static volatile boolean isOver;

    private Dropping() {}

    public static void main(String[] args) throws InterruptedException {
      List<Thread> starters =
          IntStream.range(0, STARTERS)
              .mapToObj(_ -> Thread.ofPlatform().start(Dropping::startThreads))
              .toList();
      Thread.sleep(100);
      PrivilegeDrop.Outcome outcome = PrivilegeDrop.inAllThreads(false);
      System.out.println(PrivilegeDrop.describe(outcome));
      Thread.sleep(100);
      isOver = true;
      for (Thread starter : starters) {
        starter.join();
      }
      System.out.println(verdict(outcome));
      OVER.countDown();
      System.exit(0);
    }

    private static String verdict(PrivilegeDrop.Outcome outcome) {
      return outcome instanceof PrivilegeDrop.Outcome.Dropped dropped
          ? left(dropped.kept())
          : "not dropped";
    }

    private static String left(Set<Capability> kept) {
      long mask = kept.stream().mapToLong(Capability::mask).reduce(0, (a, b) -> a | b);
      Set<Integer> left = TaskCapabilities.ofThisProcess().exceeding(mask);
      return left.isEmpty() ? "none left" : "left: " + left;
    }

    /** Starts one thread after the other; every tenth stays until the end. */
    private static void startThreads() {
      for (int i = 0; !isOver && i < 2000; i++) {
        boolean stays = i % 10 == 0;
        Thread thread = Thread.ofPlatform().daemon().start(() -> live(stays));
        if (!stays) {
          join(thread);
        }
      }
    }

    private static void live(boolean stays) {
      if (stays) {
        await();
      }
    }

    private static void await() {
      try {
        OVER.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static void join(Thread thread) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
