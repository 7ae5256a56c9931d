package io.vethtrace.daemon.capture.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads captures: pcap (draft-ietf-opsawg-pcap) in both byte orders and both resolutions, and
 * pcapng (draft-ietf-opsawg-pcapng). Files come from anywhere, so no byte of them is believed: each
 * length is held against what is there. One frame at a time is in memory.
 */
public final class CaptureReader {

  private static final int MAGIC_BYTES = 4;
  private static final int GZIP = 0x1f8b; // RFC 1952
  private static final int ZSTD = 0x28b52ffd; // RFC 8878

  private CaptureReader() {}

  /** Hands all frames of a file to {@code sink}, up to its end or the first damage. */
  public static ReadResult read(Path file, FrameConsumer sink) {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString(), sink);
    } catch (NoSuchFileException e) {
      return new ReadResult.NoCapture(file + ": there is no such file");
    } catch (IOException e) {
      return new ReadResult.NoCapture(
          "%s cannot be read: %s".formatted(file, ReadProgress.reason(e)));
    }
  }

  /**
   * Reads a capture from a stream.
   *
   * @param name of the file, for messages and for interfaces that have none
   */
  public static ReadResult read(InputStream in, String name, FrameConsumer sink)
      throws IOException {
    ByteWindow window = new ByteWindow(in);
    ReadProgress progress = new ReadProgress(name, sink);
    if (!window.has(MAGIC_BYTES)) {
      return new ReadResult.NoCapture(name + " is too short for a capture");
    }
    int magic = window.i32(0);
    if (magic == PcapngReader.SECTION_HEADER) {
      return new PcapngReader(window, progress).read();
    }
    return PcapMagic.of(magic)
        .map(format -> new PcapReader(window, format, progress).read())
        .orElseGet(() -> new ReadResult.NoCapture(name + noCapture(magic)));
  }

  private static String noCapture(int magic) {
    return magic >>> Short.SIZE == GZIP || magic == ZSTD
        ? " is compressed: unpack it first"
        : " is no capture: it begins with 0x%08x, as neither pcap nor pcapng does".formatted(magic);
  }
}
