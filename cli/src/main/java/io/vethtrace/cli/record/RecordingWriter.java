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
 * Writes a recording. Each entry is in the file when the call returns, so that what was recorded
 * stays whatever ends this program. One thread at a time.
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
   * Opens a file for a recording. What it holds stays until the recording begins: where tracing is
   * not possible nothing is lost.
   *
   * @throws Failure where the file cannot be written
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

  /** Likewise, to a stream that is open already and that {@link #close} closes. */
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
        "%s cannot be written on: %s; what was recorded up to there is in it"
            .formatted(name, Failure.reason(e)));
  }

  /** A full disk takes a part of an entry, which would be damage to who reads the file. */
  private void cutToWhole() {
    try {
      if (file != null && file.size() > wholeBytes) {
        file.truncate(wholeBytes);
      }
    } catch (IOException e) {
      // What is no disk cannot be cut; a reader stops at the damage.
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
