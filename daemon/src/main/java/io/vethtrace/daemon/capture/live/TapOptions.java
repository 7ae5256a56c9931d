package io.vethtrace.daemon.capture.live;

/**
 * How to capture.
 *
 * @param filter in the language of pcap-filter(7); empty for all frames
 * @param snapLenBytes how many bytes of a frame at most
 * @param promiscuous whether also what is not addressed to the interface
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
