package io.vethtrace.daemon.kernel.filtering;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a namespace was told to drop, and its queues. Read only where something was dropped.
 *
 * @param ruleset read only where netfilter dropped something
 */
public record FiltersAndQueues(NftRuleset ruleset, List<TcFilter> tcFilters, List<Qdisc> qdiscs) {
  /** Not read. */
  public static final FiltersAndQueues NONE =
      new FiltersAndQueues(NftRuleset.NONE, List.of(), List.of());

  /** How much of it is worth reading. */
  public enum Wanted {
    NOTHING,
    /** Queues and filters of traffic control, which a few netlink messages tell. */
    QUEUES,
    /** The rules of nftables too, for which programs must be run. */
    RULESET
  }

  public FiltersAndQueues {
    tcFilters = List.copyOf(tcFilters);
    qdiscs = List.copyOf(qdiscs);
  }

  /** The root qdisc of a device; empty where it has none that is not the kernel's own noqueue. */
  public Optional<Qdisc> root(int ifindex) {
    return qdiscs(ifindex).filter(Qdisc::isRoot).findFirst();
  }

  /** All qdiscs of a device. */
  public Stream<Qdisc> qdiscs(int ifindex) {
    return qdiscs.stream().filter(qdisc -> qdisc.ifindex() == ifindex);
  }
}
