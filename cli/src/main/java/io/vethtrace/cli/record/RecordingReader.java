package io.vethtrace.cli.record;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.v1.RecordingEntry;
import io.vethtrace.v1.RecordingHeader;
import io.vethtrace.v1.WatchResponse;
import io.vethtrace.v1.WhyReport;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a recording up to its end or its first damage. */
public final class RecordingReader {
  /**
   * The first bytes of pcap (two byte orders, two resolutions) and pcapng
   * (draft-ietf-opsawg-pcapng).
   */
  private static final Set<Integer> CAPTURES =
      Set.of(0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0x0a0d0d0a);

  private final Path file;
  private final List<WatchResponse> batches = new ArrayList<>();
  private RecordingHeader header = RecordingHeader.getDefaultInstance();
  private Optional<WhyReport> report = Optional.empty();
  private Optional<String> damage = Optional.empty();

  private RecordingReader(Path file) {
    this.file = file;
  }

  /**
   * Reads a file, up to its damage if it has any.
   *
   * @throws Failure if it cannot be read or is no recording
   */
  public static Recording read(Path file) {
    RecordingReader reader = new RecordingReader(file);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      reader.firstLine(in.readNBytes(RecordingWriter.FIRST_LINE.length()));
      reader.entries(in);
    } catch (IOException e) {
      throw Failure.usage("%s cannot be read: %s".formatted(file, Failure.reason(e)));
    }
    return new Recording(reader.header, reader.batches, reader.report, reader.damage);
  }

  private void firstLine(byte[] bytes) {
    String line = new String(bytes, StandardCharsets.ISO_8859_1);
    if (line.equals(RecordingWriter.FIRST_LINE)) {
      return;
    }
    if (line.startsWith(RecordingWriter.MAGIC)) {
      throw Failure.usage(
          "%s is a recording of another version of vethtrace, in a format that this version cannot read"
              .formatted(file));
    }
    throw Failure.usage(
        isCapture(bytes)
            ? file
                + " is a capture, which does not say what the kernel did with its frames; record that"
                + " with vethtrace record while the traffic runs"
            : file + " is neither a recording of vethtrace record nor a capture");
  }

  /** Returns true if a file begins as pcap or pcapng does; false if it cannot be read. */
  public static boolean isCapture(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return isCapture(in.readNBytes(Integer.BYTES));
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isCapture(byte[] bytes) {
    return CAPTURES.contains(ByteBuffer.wrap(Arrays.copyOf(bytes, 4)).getInt());
  }

  private void entries(InputStream stream) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(stream);
    long offset = RecordingWriter.FIRST_LINE.length();
    try {
      while (!in.isAtEnd()) {
        RecordingEntry.Builder entry = RecordingEntry.newBuilder();
        in.readMessage(entry, ExtensionRegistryLite.getEmptyRegistry());
        take(entry.build());
        offset += in.getTotalBytesRead();
        in.resetSizeCounter();
      }
    } catch (InvalidProtocolBufferException e) {
      damage =
          Optional.of("%s is cut off or damaged in the entry at byte %d".formatted(file, offset));
    }
  }

  private void take(RecordingEntry entry) {
    switch (entry.getEntryCase()) {
      case HEADER -> header = entry.getHeader();
      case BATCH -> batches.add(entry.getBatch());
      case REPORT -> report = Optional.of(entry.getReport());
      case ENTRY_NOT_SET -> {} // A later version wrote it; the known entries still count.
    }
  }
}
