package io.vethtrace.daemon.probe;

/** A number of bytes for people. */
final class Bytes {
  private Bytes() {}

  /** "16 MiB", "64 KiB", "100 bytes". */
  static String of(long bytes) {
    if (bytes >= 1 << 20) {
      return (bytes >> 20) + " MiB";
    }
    return bytes >= 1 << 10 ? (bytes >> 10) + " KiB" : bytes + " bytes";
  }
}
