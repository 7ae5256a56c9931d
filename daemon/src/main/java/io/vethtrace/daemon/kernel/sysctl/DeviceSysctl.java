package io.vethtrace.daemon.kernel.sysctl;

import java.nio.file.Path;

/** Names of the settings that a network namespace has for each device. */
public final class DeviceSysctl {
  /** Stands for all devices; it is no device's name for sysctl(8). */
  public static final String ALL = "all";

  private static final Path IPV4_CONF = Path.of("/proc/sys/net/ipv4/conf");
  private static final Path IPV6_CONF = Path.of("/proc/sys/net/ipv6/conf");

  private DeviceSysctl() {}

  /**
   * The key as {@code sysctl -w} takes it: "net.ipv4.conf.veth0.rp_filter", and
   * "net.ipv4.conf.eth0/100.rp_filter" for eth0.100: procps and busybox swap dots and slashes.
   */
  public static String ipv4Conf(String device, String setting) {
    return "net.ipv4.conf." + device.replace('.', '/') + "." + setting;
  }

  /** Returns the key of an IPv6 setting of a device, like {@link #ipv4Conf}. */
  public static String ipv6Conf(String device, String setting) {
    return "net.ipv6.conf." + device.replace('.', '/') + "." + setting;
  }

  /** The file under /proc/sys, which shows the namespace of the thread that opens it. */
  public static Path ipv4ConfFile(String device, String setting) {
    return IPV4_CONF.resolve(device).resolve(setting);
  }

  static Path ipv6ConfFile(String device, String setting) {
    return IPV6_CONF.resolve(device).resolve(setting);
  }
}
