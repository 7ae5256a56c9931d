package io.vethtrace.daemon.diagnose.netfilter;

import io.vethtrace.daemon.kernel.filtering.NftChain;
import io.vethtrace.daemon.kernel.filtering.NftRule;
import java.util.Optional;

/**
 * A rule, or the policy, of a chain that can have dropped a packet.
 *
 * @param rule empty for the chain's policy
 * @param deletable whether the rule only drops: a verdict map decides about other packets too
 */
record NftCandidate(NftChain chain, Optional<NftRule> rule, boolean deletable) {

  /** "rule “tcp dport 80 drop” (handle 4) of chain inet filter input". */
  String describe() {
    return rule.map(r ->
            "%s (handle %d) of chain %s"
                .formatted(
                    r.text().isEmpty() ? "the rule" : "the rule “" + r.text() + "”",
                    r.handle(),
                    chain.fullName()))
        .orElseGet(() -> "the policy of chain %s, which is drop".formatted(chain.fullName()));
  }
}
