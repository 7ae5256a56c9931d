package io.vethtrace.lab.fault;

import java.util.List;

/**
 * The faults that the tests also make in guests, where each takes ten times as long. {@code make
 * lab} makes all faults on all kernels.
 */
final class GuestFaults {
  /** The kernel line whose guest runs {@link #MANY}, because it has no other extra test. */
  private static final String LINE_OF_MANY = "6.12";

  /** The first faults of vethtrace. */
  private static final List<String> FEW =
      List.of("blog-both-settings", "blog-healthy", "blog-lo-down", "blog-rp-filter");

  /** These, and one for each other kernel function that decides about a packet. */
  private static final List<String> MANY =
      List.of(
          "accept-local-bridge",
          "accept-local-xdp",
          "blog-both-settings",
          "blog-healthy",
          "blog-lo-down",
          "blog-rp-filter",
          "localnet-source-on-wire",
          "no-route-sender",
          "tc-ingress-drop");

  private GuestFaults() {}

  /**
   * Returns the faults for a kernel line in the order of their files, which is the order in which
   * the lab runs them.
   */
  static List<String> of(String line) {
    return line.equals(LINE_OF_MANY) ? MANY : FEW;
  }
}
