package io.vethtrace.daemon.capture.live;

/**
 * The options of a capture.
 *
 * @param filter a pcap-filter(7) expression; empty for all frames
 * @param snapLenBytes the maximum number of bytes of a frame
 * @param promiscuous true to capture frames that are not addressed to the interface
 */
public record TapOptions(String filter, int snapLenBytes, boolean promiscuous) {
  /** MAXIMUM_SNAPLEN of libpcap (pcap-int.h). */
  public static final int MAX_SNAP_LEN_BYTES = 262_144;

  public TapOptions {
    if (snapLenBytes <= 0 || snapLenBytes > MAX_SNAP_LEN_BYTES) {
      throw new IllegalArgumentException(
          "snapLenBytes=%d is not within 1 and %d".formatted(snapLenBytes, MAX_SNAP_LEN_BYTES));
    }
  }
}
