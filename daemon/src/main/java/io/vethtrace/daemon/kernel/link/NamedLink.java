package io.vethtrace.daemon.kernel.link;

/** A device's name and what rtnetlink says of it besides. */
public record NamedLink(String ifname, Link link) {
  /** Returns true if the device is one end of a veth pair. */
  public boolean isVeth() {
    return link.kind().equals("veth");
  }
}
