package io.vethtrace.daemon.diagnose.model;

import io.vethtrace.daemon.kernel.filtering.Qdisc;
import io.vethtrace.daemon.trace.Event;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The qdiscs that a device had when the verdict was made, and their part in a drop on that device.
 *
 * @param drop the drop
 * @param names the kernel's names for it
 * @param all the device's qdiscs; none if they were not read: a device that is up has at least one
 */
public record DeviceQdiscs(Event drop, EventNames names, List<Qdisc> all) {
  /** Kinds that drop before they are full (net/sched/sch_blackhole.c, sch_red.c and others). */
  private static final Set<String> DISCARDING =
      Set.of("blackhole", "red", "gred", "choke", "sfb", "pie", "fq_pie");

  public DeviceQdiscs {
    all = List.copyOf(all);
  }

  /** Returns the qdiscs of the device on which the packet was dropped. */
  public static DeviceQdiscs of(Snapshot snapshot, Event drop) {
    return new DeviceQdiscs(
        drop,
        snapshot.names(),
        snapshot.netns(drop.netns()).stream()
            .flatMap(facts -> facts.details().filters().qdiscs(drop.ifindex()))
            .toList());
  }

  /** Returns the qdisc that counted drops: one that discards, or else the root. */
  public Optional<Qdisc> culprit() {
    List<Qdisc> dropping = all.stream().filter(qdisc -> qdisc.drops() > 0).toList();
    return dropping.stream()
        .filter(DeviceQdiscs::discards)
        .findFirst()
        .or(() -> dropping.stream().filter(Qdisc::isRoot).findFirst());
  }

  /** Returns true if the qdisc drops packets although it has room for them. */
  public static boolean discards(Qdisc qdisc) {
    return DISCARDING.contains(qdisc.kind()) || qdisc.lossPpm() > 0;
  }

  /**
   * Returns true if the qdisc that dropped the packet is gone, because the one that the device has
   * now counted no drop. A device whose link comes up has the noop qdisc until the link watch
   * activates its own, up to a second later (net/core/link_watch.c, linkwatch_do_dev;
   * net/sched/sch_generic.c, dev_activate).
   */
  public boolean isBeforeActivation() {
    boolean none = all.stream().anyMatch(qdisc -> qdisc.kind().equals("noqueue"));
    // kfree_skb_list alone says little: a device that has no queue now never dropped by one.
    boolean known = none || !names.reason(drop).isEmpty();
    return DropSubsystem.of(names, drop) == DropSubsystem.QDISC
        && drop.deviceIsUp()
        && known
        && !all.isEmpty()
        && culprit().isEmpty();
  }
}
