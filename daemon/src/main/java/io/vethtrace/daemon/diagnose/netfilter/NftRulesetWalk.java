package io.vethtrace.daemon.diagnose.netfilter;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.vethtrace.daemon.kernel.filtering.NftChain;
import io.vethtrace.daemon.kernel.filtering.NftRule;
import io.vethtrace.daemon.kernel.filtering.NftRuleset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Sends a packet through chains as the kernel does (nft_do_chain, net/netfilter/nf_tables_core.c),
 * and collects the rules that can have dropped it. If a rule only may match, it follows both ways.
 */
final class NftRulesetWalk {
  /** NFT_JUMP_STACK_SIZE, include/net/netfilter/nf_tables.h. */
  private static final int MAX_JUMPS = 16;

  private static final Set<String> DROPS = Set.of("drop", "reject");

  /** Statements behind which the chain surely is left, the packet alive. */
  private static final Set<String> ACCEPTS =
      Set.of("accept", "snat", "dnat", "masquerade", "redirect");

  /** Statements that let every packet pass to the next one. */
  private static final Set<String> TRANSPARENT =
      Set.of("counter", "log", "mangle", "notrack", "comment", "ct helper", "set", "map", "dup");

  private static final Set<String> XTABLES_DROPS = Set.of("REJECT", "DROP");

  private enum Outcome {
    /** It is at the end of the chain, or may be. */
    PASSED,
    ACCEPTED,
    DROPPED
  }

  private final NftRuleset ruleset;
  private final List<NftCandidate> candidates = new ArrayList<>();
  private boolean mayBeAccepted;

  NftRulesetWalk(NftRuleset ruleset) {
    this.ruleset = ruleset;
  }

  /**
   * Returns the rules and policies that can have dropped it so far, in the order in which it met
   * them.
   */
  List<NftCandidate> candidates() {
    return List.copyOf(candidates);
  }

  /** Returns true if the packet may have passed a chain at a hook. */
  boolean passes(NftChain base, NftPacket packet) {
    mayBeAccepted = false;
    return switch (run(base, packet, 0)) {
      case ACCEPTED -> true;
      case DROPPED -> false;
      case PASSED -> {
        if (base.drops()) {
          candidates.add(new NftCandidate(base, Optional.empty(), false));
        }
        yield !base.drops() || mayBeAccepted;
      }
    };
  }

  private Outcome run(NftChain chain, NftPacket packet, int jumps) {
    for (NftRule rule : chain.rules()) {
      Verdict verdict = new Verdict(chain, rule, packet, jumps);
      Optional<Outcome> decided = verdict.of();
      if (decided.isPresent()) {
        return decided.get();
      }
    }
    return Outcome.PASSED;
  }

  /** One rule, and the packet in front of it. */
  private final class Verdict {
    private final NftChain chain;
    private final NftRule rule;
    private final NftPacket packet;
    private final NftExpressionMatcher matcher;
    private final int jumps;
    private NftMatchResult match = NftMatchResult.YES;

    Verdict(NftChain chain, NftRule rule, NftPacket packet, int jumps) {
      this.chain = chain;
      this.rule = rule;
      this.packet = packet;
      this.matcher = new NftExpressionMatcher(packet, ruleset, chain);
      this.jumps = jumps;
    }

    /** Returns the sure outcome for the packet in this chain; empty if the next rule may see it. */
    Optional<Outcome> of() {
      for (JsonObject expression : rule.expressions()) {
        for (String kind : expression.keySet()) {
          Optional<Outcome> decided = statement(kind, expression.get(kind));
          if (decided.isPresent()) {
            return decided;
          }
        }
        if (match == NftMatchResult.NO) {
          return Optional.empty();
        }
      }
      return Optional.empty();
    }

    private Optional<Outcome> statement(String kind, JsonElement argument) {
      if (DROPS.contains(kind)) {
        return drop(match, true);
      }
      if (ACCEPTS.contains(kind)) {
        return surely(match, Outcome.ACCEPTED);
      }
      switch (kind) {
        case "match" -> match = match.and(matcher.match(argument.getAsJsonObject()));
        case "counter" -> match = match.and(counted(argument));
        case "xt" -> {
          return xtables(argument);
        }
        case "vmap" -> {
          return map(argument.getAsJsonObject());
        }
        case "jump", "goto", "return" -> {
          return elsewhere(kind, argument, match);
        }
        default -> match = TRANSPARENT.contains(kind) ? match : match.and(NftMatchResult.MAYBE);
      }
      return Optional.empty();
    }

    /** A counter in front of the verdict counts each packet that gets there. */
    private static NftMatchResult counted(JsonElement counter) {
      boolean none =
          counter instanceof JsonObject object
              && object.has("packets")
              && object.get("packets").getAsLong() == 0;
      return none ? NftMatchResult.NO : NftMatchResult.YES;
    }

    private Optional<Outcome> drop(NftMatchResult when, boolean deletable) {
      if (when != NftMatchResult.NO) {
        candidates.add(new NftCandidate(chain, Optional.of(rule), deletable));
      }
      return surely(when, Outcome.DROPPED);
    }

    private Optional<Outcome> surely(NftMatchResult when, Outcome outcome) {
      mayBeAccepted |= when == NftMatchResult.MAYBE && outcome == Outcome.ACCEPTED;
      return when == NftMatchResult.YES ? Optional.of(outcome) : Optional.empty();
    }

    /** nft shows an extension of iptables by its name alone. */
    private Optional<Outcome> xtables(JsonElement extension) {
      boolean target =
          extension instanceof JsonObject object
              && object.has("type")
              && object.get("type").getAsString().equals("target");
      if (target && XTABLES_DROPS.contains(extension.getAsJsonObject().get("name").getAsString())) {
        return drop(match, true);
      }
      match = match.and(NftMatchResult.MAYBE);
      return Optional.empty();
    }

    private Optional<Outcome> map(JsonObject vmap) {
      if (!(vmap.get("data") instanceof JsonObject data)
          || !(data.get("set") instanceof JsonArray entries)) {
        match = match.and(NftMatchResult.MAYBE);
        return Optional.empty();
      }
      for (JsonElement entry : entries) {
        JsonArray pair = entry.getAsJsonArray();
        NftMatchResult here = match.and(matcher.isOneOf(vmap.get("key"), pair.get(0)));
        Optional<Outcome> decided = entry(pair.get(1).getAsJsonObject(), here);
        if (decided.isPresent()) {
          return decided;
        }
      }
      return Optional.empty();
    }

    private Optional<Outcome> entry(JsonObject verdict, NftMatchResult here) {
      if (here == NftMatchResult.NO) {
        return Optional.empty();
      }
      String kind = verdict.keySet().iterator().next();
      return switch (kind) {
        case "drop" -> drop(here, false);
        case "accept" -> surely(here, Outcome.ACCEPTED);
        default -> elsewhere(kind, verdict.get(kind), here);
      };
    }

    private Optional<Outcome> elsewhere(String kind, JsonElement argument, NftMatchResult when) {
      if (kind.equals("return")) {
        return surely(when, Outcome.PASSED);
      }
      if (when == NftMatchResult.NO
          || jumps >= MAX_JUMPS
          || !(argument instanceof JsonObject jump)) {
        return Optional.empty();
      }
      Outcome there =
          ruleset
              .chain(chain, jump.get("target").getAsString())
              .map(target -> run(target, packet, jumps + 1))
              .orElse(Outcome.PASSED);
      boolean returns = kind.equals("jump") && there == Outcome.PASSED;
      return returns ? Optional.empty() : surely(when, there);
    }
  }
}
