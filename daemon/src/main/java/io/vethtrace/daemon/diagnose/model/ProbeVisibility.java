package io.vethtrace.daemon.diagnose.model;

import io.vethtrace.daemon.kernel.drop.DropReasons;
import io.vethtrace.daemon.trace.Hook;
import java.util.Set;

/**
 * The part of a kernel's work that the rules can see.
 *
 * @param hooks the hooks to which some mechanism attaches
 * @param locationsNamed true if the location of a drop has a name
 * @param settingsReadable true if addresses and settings of every namespace can be read
 */
public record ProbeVisibility(
    Set<Hook> hooks, DropReasons reasons, boolean locationsNamed, boolean settingsReadable) {
  public ProbeVisibility {
    hooks = Set.copyOf(hooks);
  }

  public boolean sees(Hook hook) {
    return hooks.contains(hook);
  }

  /** Returns true if drops are seen and this kernel has the reason. */
  public boolean seesReason(String name) {
    return sees(Hook.KFREE_SKB) && reasons.number(name).isPresent();
  }

  /** Returns true if packets that arrive are seen, and settings can be read. */
  public boolean seesArrivalsAndSettings() {
    return settingsReadable && hooks.stream().anyMatch(Hook::isReceive);
  }
}
