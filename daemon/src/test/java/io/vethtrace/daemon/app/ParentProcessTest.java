package io.vethtrace.daemon.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ParentProcessTest {
  private Process command;
  private List<ProcessHandle> family;

  @BeforeEach
  void start_a_command_with_a_child_of_its_own() throws IOException {
    // The second sleep keeps the shell from becoming the first one.
    command = new ProcessBuilder("sh", "-c", "sleep 60 & echo started; wait; sleep 1").start();
    assertThat(command.inputReader(StandardCharsets.US_ASCII).readLine()).isEqualTo("started");
    family = command.descendants().toList();
    assertThat(family).isNotEmpty();
  }

  @AfterEach
  void end_what_is_left() {
    family.forEach(ProcessHandle::destroyForcibly);
    command.destroyForcibly();
  }

  private static void hear(String words) {
    new ParentProcess(new ByteArrayInputStream(words.getBytes(StandardCharsets.US_ASCII)))
        .awaitEnd();
  }

  private void assertEnded() throws Exception {
    assertThat(command.waitFor(10, TimeUnit.SECONDS)).isTrue();
    for (ProcessHandle child : family) {
      child.onExit().get(10, TimeUnit.SECONDS);
    }
  }

  private void assertAlive() {
    assertThat(command.isAlive()).isTrue();
    assertThat(family).allMatch(ProcessHandle::isAlive);
  }

  @Test
  void a_command_that_outlives_the_parent_is_ended_with_its_descendants() throws Exception {
    hear("follow %d\n".formatted(command.pid()));
    assertEnded();
  }

  @Test
  void a_command_that_is_done_is_left_alone() {
    hear("follow %1$d\ndone %1$d\n".formatted(command.pid()));
    assertAlive();
  }

  @Test
  void one_of_several_commands_may_be_done_before_the_others() throws Exception {
    Process other = new ProcessBuilder("sleep", "60").start();
    hear("follow %1$d\nfollow %2$d\ndone %1$d\n".formatted(command.pid(), other.pid()));
    assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertAlive();
  }

  @Test
  void without_a_word_nothing_is_ended() {
    hear("");
    assertAlive();
  }

  @Test
  void garbage_changes_nothing() throws Exception {
    hear("follow\nfollow x\nDONE\n\n%d\n".formatted(command.pid()));
    assertAlive();
    hear(
        "noise\nfollow %d\nfollow \nfollow 12x\nfollow 99999999999999999999\ndone?\ndone \ndone x\n"
            .formatted(command.pid()));
    assertEnded();
  }

  @Test
  void a_pipe_that_breaks_is_an_end_too() throws Exception {
    byte[] words = "follow %d\n".formatted(command.pid()).getBytes(StandardCharsets.US_ASCII);
    InputStream breaking =
        new InputStream() {
          private int at;

          @Override
          public int read() throws IOException {
            if (at == words.length) {
              throw new IOException("broken pipe");
            }
            return words[at++];
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            into[offset] = (byte) read();
            return 1;
          }
        };
    new ParentProcess(breaking).awaitEnd();
    assertEnded();
  }

  @Test
  void a_process_that_is_gone_by_then_is_no_trouble() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    hear("follow %d\n".formatted(gone.pid()));
    assertAlive();
  }
}
