package io.vethtrace.daemon.kernel.netns;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration and state of one network namespace at one moment.
 *
 * @param inode its inode on nsfs
 * @param displayName the name for people
 * @param commandPrefix what makes a command that is run on the host act there: "", or words that
 *     end in a blank
 * @param rpFilterAll net.ipv4.conf.all.rp_filter; the effective value is the maximum of this and
 *     the device's (IN_DEV_RPFILTER, include/linux/inetdevice.h)
 * @param acceptLocalAll net.ipv4.conf.all.accept_local; this or the device's is enough
 * @param devices in the order of their indexes
 * @param details the facts that single rules need
 */
public record NetnsFacts(
    int inode,
    String displayName,
    String commandPrefix,
    int rpFilterAll,
    int acceptLocalAll,
    List<Device> devices,
    NetnsDetails details) {
  public NetnsFacts {
    devices = List.copyOf(devices);
  }

  /** The same, with these namespaces known by the ids that this one has for them. */
  NetnsFacts withNamespaces(Map<Integer, Integer> namespaces) {
    return new NetnsFacts(
        inode,
        displayName,
        commandPrefix,
        rpFilterAll,
        acceptLocalAll,
        devices,
        details.withNamespaces(namespaces));
  }

  public Optional<Device> device(int ifindex) {
    return devices.stream().filter(device -> device.ifindex() == ifindex).findFirst();
  }

  public Optional<Device> device(String name) {
    return devices.stream().filter(device -> device.name().equals(name)).findFirst();
  }

  /** The device that has this address; the one with the lowest index where several have it. */
  public Optional<Device> owner(InetAddress address) {
    return devices.stream().filter(device -> device.addresses().contains(address)).findFirst();
  }
}
