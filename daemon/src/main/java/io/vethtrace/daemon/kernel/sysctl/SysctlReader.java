package io.vethtrace.daemon.kernel.sysctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Reads the settings that rules ask for, in the namespace of the calling thread. */
public final class SysctlReader {
  private static final Path PROC_SYS = Path.of("/proc/sys");

  private static final List<String> OF_NAMESPACE =
      List.of(
          "net.ipv4.ip_forward",
          "net.ipv4.icmp_echo_ignore_all",
          "net.ipv4.icmp_echo_ignore_broadcasts",
          "net.ipv6.icmp.echo_ignore_all",
          "net.ipv6.icmp.echo_ignore_multicast",
          "net.ipv6.icmp.echo_ignore_anycast",
          "net.core.somaxconn",
          "net.core.rmem_max");

  private static final List<String> OF_IPV4_DEVICE =
      List.of("forwarding", "arp_ignore", "arp_filter", "route_localnet", "rp_filter");

  private static final List<String> OF_IPV6_DEVICE = List.of("forwarding", "disable_ipv6");

  private final Map<String, Integer> values = new HashMap<>();

  private SysctlReader() {}

  public static SysctlValues read(Collection<String> devices) {
    SysctlReader reader = new SysctlReader();
    OF_NAMESPACE.forEach(key -> reader.read(key, PROC_SYS.resolve(key.replace('.', '/'))));
    reader.readDevice(DeviceSysctl.ALL);
    devices.forEach(reader::readDevice);
    return new SysctlValues(reader.values);
  }

  private void readDevice(String device) {
    for (String setting : OF_IPV4_DEVICE) {
      read(DeviceSysctl.ipv4Conf(device, setting), DeviceSysctl.ipv4ConfFile(device, setting));
    }
    for (String setting : OF_IPV6_DEVICE) {
      read(DeviceSysctl.ipv6Conf(device, setting), DeviceSysctl.ipv6ConfFile(device, setting));
    }
  }

  private void read(String key, Path file) {
    number(file).ifPresent(value -> values.put(key, value));
  }

  /** Empty where the kernel does not have it, the device is gone, or it is no number. */
  public static OptionalInt number(Path file) {
    try {
      return OptionalInt.of(Integer.parseInt(Files.readString(file).strip()));
    } catch (IOException | NumberFormatException e) {
      return OptionalInt.empty();
    }
  }
}
