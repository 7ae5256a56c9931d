package io.vethtrace.lab;

import java.util.List;

/**
 * The faults that the tests make in guests too, where each takes ten times as long. {@code make
 * lab} makes all of them everywhere.
 */
final class GuestFaults {
  /** The guest that has nothing else to show than {@link #MANY}. */
  private static final String LINE_OF_MANY = "6.12";

  /** One for each decision that function hooks see, and healthy ones. */
  private static final List<String> FEW =
      List.of(
          "accept-local-bridge",
          "accept-local-wrong-place",
          "accept-local-xdp",
          "blog-both-settings",
          "blog-healthy",
          "blog-lo-down",
          "blog-rp-filter",
          "container-healthy",
          "localnet-source-on-wire",
          "nft-forward",
          "no-route-sender",
          "tc-ingress-drop");

  /**
   * Also those that only modules of Debian's kernels can show, and one for each way in which a
   * verdict is reached.
   */
  private static final List<String> MANY =
      List.of(
          "accept-local-bridge",
          "accept-local-gro",
          "accept-local-macvlan",
          "accept-local-vlan-in-frame",
          "accept-local-wrong-place",
          "accept-local-xdp",
          "arp-ignore-all",
          "bad-checksum-udp",
          "blog-both-settings",
          "blog-healthy",
          "blog-lo-down",
          "blog-rp-filter",
          "bridge-vlan-no-pvid",
          "container-healthy",
          "link-down-sender",
          "listen-queue-full",
          "localnet-source-on-wire",
          "netem-loss",
          "nft-forward",
          "no-return-route",
          "no-route-sender",
          "peer-down",
          "tc-ingress-drop",
          "udp-closed-port");

  private GuestFaults() {}

  /** Those of that kernel line, in the order of their files, in which the lab runs them. */
  static List<String> of(String line) {
    return line.equals(LINE_OF_MANY) ? MANY : FEW;
  }
}
