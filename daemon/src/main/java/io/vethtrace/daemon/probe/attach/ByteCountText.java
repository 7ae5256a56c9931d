package io.vethtrace.daemon.probe.attach;

/** A number of bytes for people. */
public final class ByteCountText {
  private ByteCountText() {}

  /** "16 MiB", "64 KiB", "100 bytes". */
  public static String of(long bytes) {
    if (bytes >= 1 << 20) {
      return (bytes >> 20) + " MiB";
    }
    return bytes >= 1 << 10 ? (bytes >> 10) + " KiB" : bytes + " bytes";
  }
}
