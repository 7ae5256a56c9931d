package io.vethtrace.daemon.diagnose.netfilter;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.diagnose.model.Fix;
import io.vethtrace.daemon.kernel.filtering.NftChain;
import io.vethtrace.daemon.kernel.filtering.NftRule;
import io.vethtrace.daemon.kernel.shell.ShellWord;
import io.vethtrace.daemon.trace.NftFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Commands that let a packet through netfilter: those of the program that its rules are from.
 *
 * @param prefix what makes a command act in the namespace
 * @param fields the packet as it was dropped
 * @param isReply whether it is one: nothing then has to come back for it
 */
record NftFix(String prefix, NftFields fields, boolean isReply) {
  private static final String REPLIES =
      "Replies of connections that are let through are accepted too, for no rule did that.";

  /** Empty where only a part of a rule would have to go. */
  Optional<Fix> of(NftCandidate candidate) {
    if (candidate.rule().isEmpty()) {
      return Optional.of(accept(candidate.chain()));
    }
    return candidate.deletable()
        ? Optional.of(delete(candidate.chain(), candidate.rule().get()))
        : Optional.empty();
  }

  private Fix delete(NftChain chain, NftRule rule) {
    String command =
        chain.isOfIptables()
            ? "%s -D %s %d"
                .formatted(iptables(chain), chain.name(), chain.rules().indexOf(rule) + 1)
            : "nft delete rule %s handle %d".formatted(chain.fullName(), rule.handle());
    return new Fix(
        List.of(prefix + command),
        "Until the rules are loaded again. All that this rule kept out then goes on to the rules"
            + " behind it.");
  }

  private Fix accept(NftChain chain) {
    List<String> commands = new ArrayList<>();
    commands.add(prefix + insert(chain, matches(chain)));
    boolean repliesToo = chain.hook().equals("forward") && !isReply && !knowsConnections(chain);
    if (repliesToo) {
      commands.add(prefix + insert(chain, established(chain)));
    }
    return new Fix(
        commands,
        "Until the rules are loaded again. Only this flow is let through."
            + (repliesToo ? " " + REPLIES : ""));
  }

  private String insert(NftChain chain, String matches) {
    return chain.isOfIptables()
        ? "%s -I %s %s -j ACCEPT".formatted(iptables(chain), chain.name(), matches)
        : "nft insert rule %s %s accept".formatted(chain.fullName(), matches);
  }

  private static String iptables(NftChain chain) {
    String program = chain.family().equals("ip6") ? "ip6tables-nft" : "iptables-nft";
    return "%s -t %s".formatted(program, ShellWord.of(chain.table()));
  }

  private static boolean knowsConnections(NftChain chain) {
    return chain.rules().stream()
        .anyMatch(rule ->
            rule.text().contains("ct state")
                || rule.expressions().stream().anyMatch(e -> e.toString().contains("\"ct\"")));
  }

  private static String established(NftChain chain) {
    return chain.isOfIptables()
        ? "-m conntrack --ctstate RELATED,ESTABLISHED"
        : "ct state established,related";
  }

  private String matches(NftChain chain) {
    return chain.isOfIptables() ? iptablesMatches() : nftMatches();
  }

  private String nftMatches() {
    if (fields.isArp()) {
      return "arp operation %d".formatted(fields.number("arp operation"));
    }
    String ip = fields.isIpv6() ? "ip6" : "ip";
    String addresses =
        "%s saddr %s %s daddr %s".formatted(ip, text(ip + " saddr"), ip, text(ip + " daddr"));
    String icmp = fields.isIpv6() ? "icmpv6" : "icmp";
    return addresses
        + port("tcp", " tcp dport %d")
        + port("udp", " udp dport %d")
        + port("sctp", " sctp dport %d")
        + fields.value(icmp + " type").map(type -> " %s type %s".formatted(icmp, type)).orElse("");
  }

  private String iptablesMatches() {
    String ip = fields.isIpv6() ? "ip6" : "ip";
    String icmp = fields.isIpv6() ? "icmpv6" : "icmp";
    return "-s %s -d %s".formatted(text(ip + " saddr"), text(ip + " daddr"))
        + port("tcp", " -p tcp --dport %d")
        + port("udp", " -p udp --dport %d")
        + port("sctp", " -p sctp --dport %d")
        + fields
            .value(icmp + " type")
            .map(type -> " -p %s --%s-type %s".formatted(icmp, icmp, type))
            .orElse("");
  }

  private String port(String protocol, String format) {
    return fields.value(protocol + " dport").map(port -> format.formatted(port)).orElse("");
  }

  private String text(String field) {
    return fields.address(field).map(InetAddresses::toAddrString).orElse("");
  }
}
