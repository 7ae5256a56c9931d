package io.vethtrace.daemon.kernel.filtering;

import io.vethtrace.daemon.kernel.shell.ShellWord;
import java.util.List;
import java.util.Set;

/**
 * A chain of nftables.
 *
 * @param family "ip", "ip6", "inet", "arp", "bridge" or "netdev"
 * @param hook "input", "forward", ...; empty where packets come by a jump only
 * @param priority chains at one hook run in rising order of it
 * @param drops whether the policy is drop
 * @param device of a netdev chain; empty for all devices
 */
public record NftChain(
    String family,
    String table,
    String name,
    String hook,
    int priority,
    boolean drops,
    String device,
    List<NftRule> rules) {
  /** The tables and chains of iptables (iptables(8)); iptables-nft keeps them under these names. */
  private static final Set<String> IPTABLES_TABLES =
      Set.of("filter", "nat", "mangle", "raw", "security");

  private static final Set<String> IPTABLES_CHAINS =
      Set.of("INPUT", "FORWARD", "OUTPUT", "PREROUTING", "POSTROUTING");

  public NftChain {
    rules = List.copyOf(rules);
  }

  /** "ip filter INPUT", as commands of nft name it. */
  public String fullName() {
    return "%s %s %s".formatted(family, ShellWord.of(table), ShellWord.of(name));
  }

  /** Returns true if iptables-nft manages this chain. */
  public boolean isOfIptables() {
    return (family.equals("ip") || family.equals("ip6"))
        && IPTABLES_TABLES.contains(table)
        && IPTABLES_CHAINS.contains(name);
  }
}
