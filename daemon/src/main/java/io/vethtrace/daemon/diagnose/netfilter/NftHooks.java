package io.vethtrace.daemon.diagnose.netfilter;

import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.kernel.filtering.NftChain;
import io.vethtrace.daemon.kernel.filtering.NftRuleset;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.daemon.trace.NftFields;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The hooks of netfilter at which a packet can have been dropped, by its device then and by where
 * it was seen before. While it is at input, prerouting and forward, skb->dev is the device that it
 * came in by; ip_output and br_forward set the outgoing one before postrouting and the bridge's
 * forward (net/ipv4/ip_output.c, net/bridge/br_forward.c); at output it has none yet.
 */
final class NftHooks {
  private record At(Set<String> families, String hook, NftPacket packet) {}

  private static final Optional<String> UNKNOWN = Optional.empty();
  private static final Optional<String> NONE = Optional.of("");

  private final Event drop;
  private final Optional<Event> received;
  private final Optional<NetnsFacts> facts;
  private final NftFields fields;
  private final boolean validated;
  private final List<At> all = new ArrayList<>();

  private NftHooks(ConversationView view, Journey journey) {
    drop = journey.last();
    received = journey.received().filter(hop -> hop.netns() == drop.netns());
    facts = view.snapshot().netns(drop.netns());
    fields = NftFields.of(drop);
    validated = journey.hop(Hook.FIB_VALIDATE_SOURCE).filter(this::isHere).isPresent();
  }

  private boolean isHere(Event hop) {
    return hop.netns() == drop.netns() && hop.ifindex() == drop.ifindex();
  }

  /**
   * Returns the rules and policies that can have dropped the journey's packet, in the order in
   * which it met them.
   */
  static List<NftCandidate> candidates(ConversationView view, Journey journey) {
    NftHooks hooks = new NftHooks(view, journey);
    hooks.find();
    return hooks
        .facts
        .map(facts -> hooks.walk(facts.details().filters().ruleset()))
        .orElse(List.of());
  }

  /** The device at which people look for the fault: that by which a bridge got the packet. */
  static String device(ConversationView view, Journey journey) {
    NftHooks hooks = new NftHooks(view, journey);
    if (hooks.drop.ifname().isEmpty()) {
      return hooks.ownDevice().orElse("");
    }
    return hooks.isBridged() ? hooks.received.orElseThrow().ifname() : hooks.drop.ifname();
  }

  private Optional<String> ownDevice() {
    return fields
        .address(fields.isIpv6() ? "ip6 saddr" : "ip saddr")
        .flatMap(source -> facts.flatMap(f -> f.owner(source)))
        .map(device -> device.name());
  }

  private void find() {
    if (received.isEmpty()) {
      sent();
    } else if (received.get().ifindex() == drop.ifindex()) {
      receivedBy(Optional.of(drop.ifname()));
    } else {
      passedOn(received.map(Event::ifname));
    }
  }

  /** One's own packet. */
  private void sent() {
    Optional<String> out = drop.ifname().isEmpty() ? UNKNOWN : Optional.of(drop.ifname());
    at(network(), "output", NONE, out);
    if (out.isPresent()) {
      at(network(), "postrouting", NONE, out);
      at(Set.of("bridge"), "output", NONE, out);
      at(Set.of("netdev"), "egress", NONE, out);
    }
  }

  private void receivedBy(Optional<String> in) {
    if (!validated) {
      at(Set.of("netdev", "inet"), "ingress", in, NONE);
      if (isPort(drop.ifindex())) {
        at(Set.of("bridge"), "prerouting", in, NONE);
      }
      at(network(), "prerouting", in, NONE);
    }
    if (fields.isArp() || isLocal()) {
      at(network(), "input", in, NONE);
    }
    if (!isLocal() || facts.isEmpty()) {
      at(network(), "forward", in, UNKNOWN);
    }
  }

  private void passedOn(Optional<String> in) {
    Optional<String> out = Optional.of(drop.ifname());
    if (isBridged()) {
      at(Set.of("bridge"), "input", in, NONE);
      at(Set.of("bridge"), "forward", in, out);
      at(Set.of("bridge"), "postrouting", in, out);
    }
    at(network(), "postrouting", in, out);
    at(Set.of("netdev"), "egress", NONE, out);
  }

  private boolean isBridged() {
    return received
        .filter(hop -> hop.ifindex() != drop.ifindex() && isPort(hop.ifindex()))
        .isPresent();
  }

  private boolean isPort(int ifindex) {
    return facts
        .flatMap(f -> f.details().link(ifindex))
        .filter(link -> link.master().isPresent())
        .isPresent();
  }

  private boolean isLocal() {
    Optional<InetAddress> target = fields.address(fields.isIpv6() ? "ip6 daddr" : "ip daddr");
    return target
        .filter(address ->
            address.isMulticastAddress() || facts.flatMap(f -> f.owner(address)).isPresent())
        .isPresent();
  }

  private Set<String> network() {
    if (fields.isArp()) {
      return Set.of("arp");
    }
    return Set.of("inet", fields.isIpv6() ? "ip6" : "ip");
  }

  private void at(Set<String> families, String hook, Optional<String> in, Optional<String> out) {
    all.add(new At(families, hook, new NftPacket(fields, in, out)));
  }

  private List<NftCandidate> walk(NftRuleset ruleset) {
    NftRulesetWalk walk = new NftRulesetWalk(ruleset);
    for (At at : all) {
      List<NftChain> chains =
          ruleset.chains().stream()
              .filter(chain -> hooks(chain, at))
              .sorted(Comparator.comparingInt(NftChain::priority))
              .toList();
      for (NftChain chain : chains) {
        if (!walk.passes(chain, at.packet())) {
          return walk.candidates();
        }
      }
    }
    return walk.candidates();
  }

  private boolean hooks(NftChain chain, At at) {
    return chain.hook().equals(at.hook())
        && at.families().contains(chain.family())
        && (chain.device().isEmpty() || chain.device().equals(drop.ifname()));
  }
}
