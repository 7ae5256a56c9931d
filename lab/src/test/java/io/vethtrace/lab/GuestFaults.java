package io.vethtrace.lab;

import java.util.List;

/**
 * The faults that the tests make in guests too, where each takes ten times as long. {@code make
 * lab} makes all of them everywhere.
 */
final class GuestFaults {
  /** The guest that has nothing else to show than {@link #MANY}. */
  private static final String LINE_OF_MANY = "6.12";

  /** What vethtrace began with. */
  private static final List<String> FEW =
      List.of("blog-both-settings", "blog-healthy", "blog-lo-down", "blog-rp-filter");

  /** Also one for each other decision that function hooks see. */
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

  /** Those of that kernel line, in the order of their files, in which the lab runs them. */
  static List<String> of(String line) {
    return line.equals(LINE_OF_MANY) ? MANY : FEW;
  }
}
