package io.vethtrace.daemon.kernel.filtering;

import com.google.gson.JsonArray;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The nftables ruleset of a namespace. It contains the rules of iptables-nft.
 *
 * @param chains the chains at hooks and the chains that they jump to
 * @param sets the elements of named sets by "FAMILY TABLE NAME"
 */
public record NftRuleset(List<NftChain> chains, Map<String, JsonArray> sets) {
  /** The ruleset of a namespace that has no rules or was not read. */
  public static final NftRuleset NONE = new NftRuleset(List.of(), Map.of());

  public NftRuleset {
    chains = List.copyOf(chains);
    sets = Map.copyOf(sets);
  }

  /** The chain with this name in the table of {@code beside}. */
  public Optional<NftChain> chain(NftChain beside, String name) {
    return chains.stream()
        .filter(chain -> chain.family().equals(beside.family()))
        .filter(chain -> chain.table().equals(beside.table()) && chain.name().equals(name))
        .findFirst();
  }

  /** The elements of the set with this name in the table of {@code beside}. */
  public Optional<JsonArray> set(NftChain beside, String name) {
    return Optional.ofNullable(sets.get(key(beside.family(), beside.table(), name)));
  }

  static String key(String family, String table, String name) {
    return family + " " + table + " " + name;
  }
}
