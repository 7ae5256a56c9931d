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
 * Where a capture goes: a file, several of limited size, or a stream. What was written is complete
 * after each call. One thread at a time.
 */
public abstract sealed class CaptureOutput implements AutoCloseable {
  /** Writes blocks; {@code preamble} is what a further file has to begin with. */
  public abstract void write(ByteString preamble, ByteString blocks);

  /** What people call it. */
  public abstract String name();

  @Override
  public abstract void close();

  /** To a stream that is open already, and stays open. */
  public static CaptureOutput to(String name, OutputStream out) {
    return new Streamed(name, out);
  }

  /**
   * To files.
   *
   * @param maxBytes of a file, before the next one is begun; 0 for one file without a limit
   * @param maxFiles how many of them are kept; 0 for all
   * @throws Failure where the first cannot be written
   */
  public static CaptureOutput create(Path file, long maxBytes, int maxFiles) {
    return new Stored(file, maxBytes, maxFiles);
  }

  private static final class Streamed extends CaptureOutput {
    private final String name;
    private final OutputStream out;

    Streamed(String name, OutputStream out) {
      this.name = name;
      this.out = out;
    }

    @Override
    public void write(ByteString preamble, ByteString blocks) {
      try {
        blocks.writeTo(out);
        out.flush();
        if (out instanceof PrintStream printed && printed.checkError()) { // it throws nothing
          throw new IOException("closed");
        }
      } catch (IOException e) {
        throw Failure.notPossible("%s is not read any more".formatted(name));
      }
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void close() {}
  }

  private static final class Stored extends CaptureOutput {
    private final Path base;
    private final long maxBytes;
    private final int maxFiles;
    private final Deque<Path> kept = new ArrayDeque<>();
    private Path path;
    private @Nullable FileChannel channel;
    private long writtenBytes;
    private int count;

    Stored(Path base, long maxBytes, int maxFiles) {
      this.base = base;
      this.maxBytes = maxBytes;
      this.maxFiles = maxFiles;
      path = base;
      open();
    }

    /** capture.pcapng, or capture.1.pcapng, capture.2.pcapng and so on. */
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
        forgetOldest();
        append(preamble);
      }
      append(blocks);
    }

    private void forgetOldest() {
      while (maxFiles > 0 && kept.size() > maxFiles) {
        try {
          Files.deleteIfExists(kept.removeFirst());
        } catch (IOException e) {
          return; // it stays: better too much than an end
        }
      }
    }

    /** All of it or nothing, so that the file ends with a whole block. */
    private void append(ByteString blocks) {
      FileChannel out = channel;
      if (out == null) {
        throw new IllegalStateException("closed: file=" + path);
      }
      try {
        if (writtenBytes == 0 && out.size() > 0) {
          out.truncate(0); // what it held stays until there is something to write
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
            "%s cannot be written on: %s; the %d bytes up to there are a whole capture"
                .formatted(path, Failure.reason(e), writtenBytes));
      }
    }

    private void cut(FileChannel out) {
      try {
        out.truncate(writtenBytes);
      } catch (IOException e) {
        // Readers say where it is cut off.
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
        throw Failure.notPossible("%s cannot be written on: %s".formatted(path, Failure.reason(e)));
      }
      channel = null;
    }
  }
}
