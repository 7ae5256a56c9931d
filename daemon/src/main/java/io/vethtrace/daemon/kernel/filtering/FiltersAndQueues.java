package io.vethtrace.daemon.kernel.filtering;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The configuration of a namespace that drops or queues packets. It is read only if the kernel
 * dropped a packet there.
 *
 * @param ruleset read only where netfilter dropped something
 */
public record FiltersAndQueues(NftRuleset ruleset, List<TcFilter> tcFilters, List<Qdisc> qdiscs) {
  /** The value of a namespace whose configuration was not read. */
  public static final FiltersAndQueues NONE =
      new FiltersAndQueues(NftRuleset.NONE, List.of(), List.of());

  /** The part of the configuration to read. */
  public enum Part {
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
