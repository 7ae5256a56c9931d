package io.vethtrace.daemon.kernel.link;

/** A device's name and what rtnetlink says of it besides. */
public record NamedLink(String ifname, Link link) {
  /** Whether it is one end of a veth pair. */
  public boolean isVeth() {
    return link.kind().equals("veth");
  }
}
