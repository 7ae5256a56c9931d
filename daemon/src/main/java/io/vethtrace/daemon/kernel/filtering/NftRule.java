package io.vethtrace.daemon.kernel.filtering;

import com.google.gson.JsonObject;
import java.util.List;

/**
 * A rule of nftables.
 *
 * @param handle its number in its table, by which it is deleted
 * @param text as {@code nft list ruleset} prints it; empty where that could not be read
 * @param expressions matches and statements in their order (libnftables-json(5))
 */
public record NftRule(long handle, String text, List<JsonObject> expressions) {
  public NftRule {
    expressions = List.copyOf(expressions);
  }

  /** Returns true if the rule contains an iptables extension that nft cannot show. */
  public boolean hasXtables() {
    return expressions.stream().anyMatch(expression -> expression.has("xt"));
  }
}
