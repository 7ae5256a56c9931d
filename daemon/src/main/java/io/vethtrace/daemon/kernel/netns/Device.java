package io.vethtrace.daemon.kernel.netns;

import io.vethtrace.daemon.kernel.sysctl.DeviceSysctl;
import java.net.InetAddress;
import java.util.List;
import java.util.OptionalInt;

/**
 * A network device, as it was when its namespace was read.
 *
 * @param ifindex its index in its namespace
 * @param name its name at that moment
 * @param up IFF_UP
 * @param loopback IFF_LOOPBACK
 * @param addresses the local IPv4 and IPv6 addresses
 * @param rpFilter net.ipv4.conf.NAME.rp_filter; empty where the device has no such setting (IPv4 is
 *     off for an MTU below 68: inetdev_event, net/ipv4/devinet.c) or was removed meanwhile
 * @param acceptLocal net.ipv4.conf.NAME.accept_local; empty likewise
 */
public record Device(
    int ifindex,
    String name,
    boolean up,
    boolean loopback,
    List<InetAddress> addresses,
    OptionalInt rpFilter,
    OptionalInt acceptLocal) {
  public Device {
    if (ifindex <= 0 || name.isEmpty()) {
      throw new IllegalArgumentException("ifindex=" + ifindex + " name=" + name);
    }
    addresses = List.copyOf(addresses);
  }

  /** The key of one of its IPv4 settings, as {@code sysctl -w} takes it. */
  public String sysctl(String setting) {
    return DeviceSysctl.ipv4Conf(name, setting);
  }
}
