package io.vethtrace.daemon.diagnose.neighbour;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.kernel.link.InterfaceAddress;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.kernel.shell.ShellWord;
import io.vethtrace.daemon.kernel.sysctl.DeviceSysctl;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ARP settings of a namespace for one receiving device (net/ipv4/arp.c, arp_ignore and
 * arp_filter; net/ipv4/devinet.c, inet_confirm_addr; 6.18).
 *
 * @param ifindex the receiving device
 * @param device its name
 */
record ArpSettings(NetnsFacts facts, int ifindex, String device) {
  static final String ALL = DeviceSysctl.ALL;
  static final String IGNORE = "arp_ignore";
  static final String FILTER = "arp_filter";

  String prefix() {
    return facts.commandPrefix();
  }

  /** 0 where it could not be read: nothing is concluded from what is not known. */
  int value(String dev, String setting) {
    return facts.details().sysctls().ipv4Conf(dev, setting).orElse(0);
  }

  /** IN_DEV_ARP_IGNORE: the maximum of the two (include/linux/inetdevice.h). */
  int ignoreMode() {
    return Math.max(value(ALL, IGNORE), value(device, IGNORE));
  }

  boolean ignores(InetAddress requester, InetAddress target) {
    Stream<InterfaceAddress> all = facts.details().linkLayer().addresses().stream();
    Stream<InterfaceAddress> targets = all.filter(a -> a.address().equals(target));
    return switch (ignoreMode()) {
      case 1 -> targets.noneMatch(a -> a.ifindex() == ifindex);
      case 2 -> targets.noneMatch(a -> a.ifindex() == ifindex && a.reaches(requester));
      case 3 -> targets.allMatch(a -> a.scope() >= InterfaceAddress.SCOPE_HOST);
      case 8 -> true;
      default -> false;
    };
  }

  /**
   * Returns the meaning of the mode, as the end of a sentence
   * (Documentation/networking/ip-sysctl.rst).
   */
  String meaning() {
    return switch (ignoreMode()) {
      case 1 -> "%s answers only for addresses of its own".formatted(device);
      case 2 -> "%s answers only for addresses of its own, and only its subnet".formatted(device);
      case 3 -> "%s does not answer for addresses of host scope".formatted(device);
      default -> "%s answers for none".formatted(device);
    };
  }

  /** IN_DEV_ARPFILTER, either of the two; and a way back that leads out of another device. */
  boolean filters(InetAddress requester) {
    return (value(ALL, FILTER) != 0 || value(device, FILTER) != 0)
        && (towards(requester).anyMatch(d -> d.ifindex() != ifindex)
            || towards(requester).noneMatch(d -> d.ifindex() == ifindex));
  }

  private Stream<Device> towards(InetAddress requester) {
    return facts.devices().stream()
        .filter(Device::up)
        .filter(d ->
            facts
                .details()
                .linkLayer()
                .addressesOf(d.ifindex())
                .anyMatch(a -> a.reaches(requester)));
  }

  /** Names the other devices through which the requester can be reached. */
  String othersTowards(InetAddress requester) {
    String others =
        towards(requester)
            .filter(d -> d.ifindex() != ifindex)
            .map(Device::name)
            .collect(Collectors.joining(", "));
    String address = InetAddresses.toAddrString(requester);
    return others.isEmpty()
        ? "%s is in no subnet of %s".formatted(address, device)
        : "%s is in a subnet of %s too".formatted(address, others);
  }

  /** Names the device that has the address. */
  String owner(InetAddress target) {
    return facts
        .owner(target)
        .map(d ->
            "%s is an address of %s in namespace %s"
                .formatted(InetAddresses.toAddrString(target), d.name(), facts.displayName()))
        .orElseThrow();
  }

  /** Sets to 0 what is not: of "all", of the device, or of both. */
  List<String> commands(String setting) {
    return Stream.of(ALL, device)
        .filter(dev -> value(dev, setting) != 0)
        .map(dev ->
            "%ssysctl -w %s"
                .formatted(prefix(), ShellWord.of(DeviceSysctl.ipv4Conf(dev, setting) + "=0")))
        .toList();
  }
}
