package io.vethtrace.daemon.capture.live;

/**
 * A device to capture on.
 *
 * @param netns inode of its network namespace
 * @param netnsName what people call that
 * @param ifindex its index there
 * @param isProbed whether the probes see each frame that it sends: a veth, or lo
 * @param isLoopback whether it is lo, where libpcap gives each frame once, as it is received
 */
public record TapPoint(
    int netns, String netnsName, int ifindex, String ifname, boolean isProbed, boolean isLoopback) {

  /** As users write it. */
  public String label() {
    return ifname + "@" + netnsName;
  }
}
