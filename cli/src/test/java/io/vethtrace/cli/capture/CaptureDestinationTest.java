package io.vethtrace.cli.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.vethtrace.cli.exit.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureDestinationTest {
  private static final ByteString PREAMBLE = ByteString.copyFromUtf8("HEAD");
  private static final ByteString BLOCKS = ByteString.copyFromUtf8("0123456789");

  @TempDir private Path folder;

  @Test
  void a_file_is_what_was_written() {
    Path file = folder.resolve("a.pcapng");
    try (CaptureDestination out = CaptureDestination.create(file, 0, 0)) {
      out.write(PREAMBLE, PREAMBLE);
      out.write(PREAMBLE, BLOCKS);
      assertThat(out.name()).isEqualTo(file.toString());
    }
    assertThat(file).hasContent("HEAD0123456789");
  }

  @Test
  void what_a_file_held_stays_until_there_is_something_to_write() throws IOException {
    Path file = folder.resolve("a.pcapng");
    Files.writeString(file, "an older capture that is longer than the new one");
    CaptureDestination.create(file, 0, 0).close();
    assertThat(file).hasContent("an older capture that is longer than the new one");
    try (CaptureDestination out = CaptureDestination.create(file, 0, 0)) {
      out.write(PREAMBLE, PREAMBLE);
    }
    assertThat(file).hasContent("HEAD");
  }

  @Test
  void each_further_file_is_a_capture_by_itself_and_the_oldest_go() {
    try (CaptureDestination out = CaptureDestination.create(folder.resolve("a.pcapng"), 20, 2)) {
      out.write(PREAMBLE, PREAMBLE);
      for (int i = 0; i < 3; i++) {
        out.write(PREAMBLE, BLOCKS);
      }
      assertThat(out.name()).contains("3 files", "a.3.pcapng");
    }
    assertThat(folder.resolve("a.1.pcapng")).doesNotExist();
    assertThat(folder.resolve("a.2.pcapng")).hasContent("HEAD0123456789");
    assertThat(folder.resolve("a.3.pcapng")).hasContent("HEAD0123456789");
  }

  @Test
  void a_stream_gets_all_of_it() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CaptureDestination out = CaptureDestination.to("standard output", bytes)) {
      out.write(PREAMBLE, PREAMBLE.concat(BLOCKS));
    }
    assertThat(bytes).hasToString("HEAD0123456789");
  }

  @Test
  void a_file_that_cannot_be_is_said_at_once() {
    assertThatThrownBy(() -> CaptureDestination.create(folder.resolve("no/such.pcapng"), 0, 0))
        .isInstanceOf(Failure.class)
        .hasMessageContainingAll("cannot write", "there is no such file or directory");
  }
}
