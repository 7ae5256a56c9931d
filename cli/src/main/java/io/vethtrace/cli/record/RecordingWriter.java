package io.vethtrace.cli.record;

import io.vethtrace.cli.exit.Failure;
import io.vethtrace.v1.RecordingEntry;
import io.vethtrace.v1.RecordingHeader;
import io.vethtrace.v1.WatchResponse;
import io.vethtrace.v1.WhyReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Writes a recording. Each entry is in the file when the call returns, so that a crash of this
 * program loses no entry. One thread at a time.
 */
public final class RecordingWriter implements AutoCloseable {
  static final String MAGIC = "vethtrace recording ";
  static final String FIRST_LINE = MAGIC + "1\n";

  private final String name;
  private final OutputStream out;
  private final @Nullable FileChannel file;
  private long wholeBytes;

  private RecordingWriter(String name, OutputStream out, @Nullable FileChannel file) {
    this.name = name;
    this.out = out;
    this.file = file;
  }

  /**
   * Opens a file for a recording. Its old content stays until the recording begins, so that nothing
   * is lost if tracing is not possible.
   *
   * @throws Failure if the file cannot be written
   */
  public static RecordingWriter create(Path file) {
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      return new RecordingWriter(file.toString(), Channels.newOutputStream(channel), channel);
    } catch (IOException e) {
      throw Failure.usage("cannot write %s: %s".formatted(file, Failure.reason(e)));
    }
  }

  /** Returns a writer to an open stream, which {@link #close} closes. */
  public static RecordingWriter to(String name, OutputStream out) {
    return new RecordingWriter(name, out, null);
  }

  public void begin(RecordingHeader header) {
    try {
      if (file != null && file.size() > 0) {
        file.truncate(0);
      }
      out.write(FIRST_LINE.getBytes(StandardCharsets.UTF_8));
      wholeBytes = FIRST_LINE.length();
    } catch (IOException e) {
      throw failure(e);
    }
    write(RecordingEntry.newBuilder().setHeader(header));
  }

  public void write(WatchResponse batch) {
    write(RecordingEntry.newBuilder().setBatch(batch));
  }

  public void write(WhyReport report) {
    write(RecordingEntry.newBuilder().setReport(report));
  }

  private void write(RecordingEntry.Builder entry) {
    try {
      entry.build().writeDelimitedTo(out);
      out.flush();
      wholeBytes = file == null ? 0 : file.position();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private Failure failure(IOException e) {
    cutToWhole();
    return Failure.notPossible(
        "cannot go on writing %s: %s; what was recorded up to there is in it"
            .formatted(name, Failure.reason(e)));
  }

  /** Cuts off the part of an entry that a full disk took; a reader would find it damaged. */
  private void cutToWhole() {
    try {
      if (file != null && file.size() > wholeBytes) {
        file.truncate(wholeBytes);
      }
    } catch (IOException e) {
      // The file is no regular one; a reader stops at the damage.
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw failure(e);
    }
  }
}
