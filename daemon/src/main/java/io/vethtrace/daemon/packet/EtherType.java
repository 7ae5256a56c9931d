package io.vethtrace.daemon.packet;

/** EtherTypes that are read here (IEEE 802 numbers, include/uapi/linux/if_ether.h). */
public final class EtherType {
  public static final int IPV4 = 0x0800;
  public static final int ARP = 0x0806;
  public static final int IPV6 = 0x86dd;

  /** IEEE 802.1Q, a customer's VLAN tag. */
  public static final int VLAN = 0x8100;

  /** IEEE 802.1ad, a provider's VLAN tag, the outer one of two. */
  public static final int PROVIDER_VLAN = 0x88a8;

  private EtherType() {}

  /** Returns true if a VLAN tag follows: two bytes of tag control, then the next EtherType. */
  static boolean isVlan(int type) {
    return type == VLAN || type == PROVIDER_VLAN;
  }

  static boolean isKnown(int type) {
    return type == IPV4 || type == ARP || type == IPV6 || isVlan(type);
  }
}
