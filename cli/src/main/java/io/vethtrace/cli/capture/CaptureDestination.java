package io.vethtrace.cli.capture;

import com.google.protobuf.ByteString;
import io.vethtrace.cli.exit.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The destination of a capture: a file, several files of limited size, or a stream. It has no
 * incomplete block after a call. One thread at a time.
 */
public abstract sealed class CaptureDestination implements AutoCloseable {
  /** Writes blocks. A further file begins with {@code preamble}. */
  public abstract void write(ByteString preamble, ByteString blocks);

  /** Returns the name for messages. */
  public abstract String name();

  @Override
  public abstract void close();

  /** Returns a destination on an open stream, which it does not close. */
  public static CaptureDestination to(String name, OutputStream out) {
    return new StreamOutput(name, out);
  }

  /**
   * Returns a destination of one or more files.
   *
   * @param maxBytes the size of a file at which the next begins; 0 for one file of any size
   * @param maxFiles the number of files that are kept; 0 for all
   * @throws Failure if the first file cannot be written
   */
  public static CaptureDestination create(Path file, long maxBytes, int maxFiles) {
    return new FileOutput(file, maxBytes, maxFiles);
  }

  private static final class StreamOutput extends CaptureDestination {
    private final String name;
    private final OutputStream out;

    StreamOutput(String name, OutputStream out) {
      this.name = name;
      this.out = out;
    }

    @Override
    public void write(ByteString preamble, ByteString blocks) {
      try {
        blocks.writeTo(out);
        out.flush();
        if (out instanceof PrintStream printed
            && printed.checkError()) { // PrintStream does not throw.
          throw new IOException("closed");
        }
      } catch (IOException e) {
        throw Failure.notPossible("nobody reads %s any more".formatted(name));
      }
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void close() {}
  }

  private static final class FileOutput extends CaptureDestination {
    private final Path base;
    private final long maxBytes;
    private final int maxFiles;
    private final Deque<Path> kept = new ArrayDeque<>();
    private Path path;
    private @Nullable FileChannel channel;
    private long writtenBytes;
    private int count;

    FileOutput(Path base, long maxBytes, int maxFiles) {
      this.base = base;
      this.maxBytes = maxBytes;
      this.maxFiles = maxFiles;
      path = base;
      open();
    }

    /** Returns capture.pcapng, or capture.1.pcapng, capture.2.pcapng and so on. */
    private Path next() {
      if (maxBytes == 0) {
        return base;
      }
      String name = base.getFileName().toString();
      int dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length();
      return base.resolveSibling(name.substring(0, dot) + "." + ++count + name.substring(dot));
    }

    private void open() {
      path = next();
      try {
        channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      } catch (IOException e) {
        String sentence = "cannot write %s: %s".formatted(path, Failure.reason(e));
        throw kept.isEmpty() ? Failure.usage(sentence) : Failure.notPossible(sentence);
      }
      writtenBytes = 0;
      kept.add(path);
    }

    @Override
    public void write(ByteString preamble, ByteString blocks) {
      boolean begins = writtenBytes == 0;
      if (maxBytes > 0 && !begins && writtenBytes + blocks.size() > maxBytes) {
        close();
        open();
        deleteOldest();
        append(preamble);
      }
      append(blocks);
    }

    private void deleteOldest() {
      while (maxFiles > 0 && kept.size() > maxFiles) {
        try {
          Files.deleteIfExists(kept.removeFirst());
        } catch (IOException e) {
          return; // A file too many is better than no capture.
        }
      }
    }

    /** Writes all of the blocks or none, so that the file ends with a whole block. */
    private void append(ByteString blocks) {
      FileChannel out = channel;
      if (out == null) {
        throw new IllegalStateException("closed: file=" + path);
      }
      try {
        if (writtenBytes == 0 && out.size() > 0) {
          out.truncate(0); // The old content stays until there is something to write.
        }
        for (ByteBuffer part : blocks.asReadOnlyByteBufferList()) {
          while (part.hasRemaining()) {
            out.write(part);
          }
        }
        writtenBytes += blocks.size();
      } catch (IOException e) {
        cut(out);
        throw Failure.notPossible(
            "cannot go on writing %s: %s; the %d bytes up to there are a whole capture"
                .formatted(path, Failure.reason(e), writtenBytes));
      }
    }

    private void cut(FileChannel out) {
      try {
        out.truncate(writtenBytes);
      } catch (IOException e) {
        // Readers find the place where it is cut off.
      }
    }

    @Override
    public String name() {
      return count > 1 ? "%d files, the last %s".formatted(count, path) : path.toString();
    }

    @Override
    public void close() {
      try {
        if (channel != null) {
          channel.close();
        }
      } catch (IOException e) {
        throw Failure.notPossible("cannot go on writing %s: %s".formatted(path, Failure.reason(e)));
      }
      channel = null;
    }
  }
}
