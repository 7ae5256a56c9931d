package io.vethtrace.daemon.kernel.sysctl;

import java.util.Map;
import java.util.OptionalInt;

/**
 * Settings of a network namespace, by the keys that {@code sysctl -w} takes. One that this kernel
 * does not have, or that was gone when it was read, is not here.
 */
public record SysctlValues(Map<String, Integer> values) {
  public SysctlValues {
    values = Map.copyOf(values);
  }

  /** The setting with this key. */
  public OptionalInt value(String key) {
    Integer value = values.get(key);
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }

  /** net.ipv4.conf.DEVICE.SETTING; "all" and "default" are devices here. */
  public OptionalInt ipv4Conf(String device, String setting) {
    return value(DeviceSysctl.ipv4Conf(device, setting));
  }

  /** net.ipv6.conf.DEVICE.SETTING. */
  public OptionalInt ipv6Conf(String device, String setting) {
    return value(DeviceSysctl.ipv6Conf(device, setting));
  }
}
