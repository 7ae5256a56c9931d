package io.vethtrace.lab;

import java.util.List;

/**
 * The faults that the tests make in guests too, where each takes ten times as long: those that only
 * function hooks or modules of Debian's kernels can show, and one for each way in which a verdict
 * is reached. {@code make lab} makes all of them everywhere.
 */
final class GuestFaults {
  /** In the order of their files, in which the lab runs them. */
  static final List<String> NAMES =
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
}
