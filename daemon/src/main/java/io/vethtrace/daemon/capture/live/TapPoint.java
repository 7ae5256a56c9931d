package io.vethtrace.daemon.capture.live;

/**
 * A device to capture on.
 *
 * @param netns inode of its network namespace
 * @param netnsName the name of the namespace for people
 * @param ifindex the index of the device there
 * @param isProbed true if the probes see each frame that it sends: a veth device, or lo
 * @param isLoopback true for lo, where libpcap gives each frame once, as it is received
 */
public record TapPoint(
    int netns, String netnsName, int ifindex, String ifname, boolean isProbed, boolean isLoopback) {

  /** Returns the tap point as users write it. */
  public String label() {
    return ifname + "@" + netnsName;
  }
}
