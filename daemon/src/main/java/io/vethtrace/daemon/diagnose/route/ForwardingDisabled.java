package io.vethtrace.daemon.diagnose.route;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Detection;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.EvidenceText;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.Fix;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.kernel.shell.ShellWord;
import io.vethtrace.daemon.kernel.sysctl.DeviceSysctl;
import io.vethtrace.daemon.kernel.sysctl.SysctlValues;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.IpHeader;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A packet for another host was dropped by one that does not forward. IPv4 asks the device that
 * received it (IN_DEV_FORWARD in ip_route_input_slow, net/ipv4/route.c), which then ends in
 * ip_error; IPv6 asks "all" (ip6_forward, net/ipv6/ip6_output.c).
 */
public final class ForwardingDisabled implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
          new DeclaredCause(
              Cause.FORWARDING_DISABLED,
              Detection.BY_DROP,
              """
              A packet is for another host, and the receiving device does not forward \
              (`IN_DEV_FORWARD`, net/ipv4/route.c, `ip_route_input_slow`). IPv6 reads \
              the setting of `all` (net/ipv6/ip6_output.c, `ip6_forward`).\
              """,
              """
              The drop in `ip_error` or `ip6_forward`, a destination that is not an \
              address of the namespace, and the setting.\
              """,
              """
              `ip_forward=1`; if that is on, `forwarding=1` of the device; for IPv6 \
              `all.forwarding=1`.\
              """));

  private static final Set<String> LOCATIONS = Set.of("ip_error", "ip6_forward");
  private static final String IP_FORWARD = "net.ipv4.ip_forward";

  /** The setting that is off, and the one to turn on. */
  private record Switch(String read, String cure) {}

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    if (view.answered()) {
      return Optional.empty();
    }
    return view.drops().stream()
        .filter(journey -> LOCATIONS.contains(view.snapshot().location(journey.last())))
        .flatMap(journey -> finding(view, journey).stream())
        .findFirst();
  }

  private static Optional<Finding> finding(ConversationView view, Journey journey) {
    Event drop = journey.last();
    return view.snapshot()
        .netns(drop.netns())
        .filter(facts -> isForAnother(facts, drop))
        .flatMap(facts -> off(view, facts, drop).map(off -> finding(view, journey, facts, off)));
  }

  private static boolean isForAnother(NetnsFacts facts, Event drop) {
    return IpHeader.of(drop).filter(ip -> facts.owner(ip.destination()).isEmpty()).isPresent();
  }

  private static Optional<Switch> off(ConversationView view, NetnsFacts facts, Event drop) {
    SysctlValues sysctls = facts.details().sysctls();
    String device = view.snapshot().deviceName(drop);
    if (view.snapshot().location(drop).equals("ip6_forward")) {
      String all = DeviceSysctl.ipv6Conf(DeviceSysctl.ALL, "forwarding");
      return isOff(sysctls.value(all)) ? Optional.of(new Switch(all, all)) : Optional.empty();
    }
    String ofDevice = DeviceSysctl.ipv4Conf(device, "forwarding");
    if (!isOff(sysctls.value(ofDevice))) {
      return Optional.empty();
    }
    // ip_forward is conf/all/forwarding, and sets every device's (net/ipv4/devinet.c,
    // inet_forward_change): where it is off this host was never made a router, and replies, which
    // come in by another device, would be dropped next.
    return Optional.of(
        new Switch(ofDevice, isOff(sysctls.value(IP_FORWARD)) ? IP_FORWARD : ofDevice));
  }

  private static boolean isOff(OptionalInt setting) {
    return setting.isPresent() && setting.getAsInt() == 0;
  }

  private static Finding finding(
      ConversationView view, Journey journey, NetnsFacts facts, Switch off) {
    Event drop = journey.last();
    return new FindingBuilder(Cause.FORWARDING_DISABLED, Verdict.DROPPED, Confidence.OBSERVED)
        .title("%s does not forward what %s receives", facts.displayName(), drop.ifname())
        .explanation(
            "%s came in by %s for another host. %s is 0, so the kernel takes itself for no router:"
                + " it drops the packet and tells nobody.",
            journey.summary(), drop.ifname(), off.read())
        .hook(Hook.KFREE_SKB.kernelName())
        .dropReason(view.snapshot().reason(drop))
        .proves(Evidence.Kind.SYSCTL, "%s=0", off.read())
        .proves(
            Evidence.Kind.ADDRESS,
            "the destination of %s is no address of %s",
            journey.summary(),
            facts.displayName())
        .proves(Evidence.Kind.DROP, "%s", EvidenceText.drop(view, drop))
        .fix(Optional.of(fix(facts, off)))
        .at(drop, journey, view, view.conversation().requestCount());
  }

  private static Fix fix(NetnsFacts facts, Switch off) {
    return new Fix(
        List.of(facts.commandPrefix() + "sysctl -w " + ShellWord.of(off.cure() + "=1")),
        off.cure().equals(off.read()) && !off.cure().contains(".all.")
            ? "Until the next boot. It then forwards what comes in by this device."
            : "Until the next boot. It then is a router between all its links.");
  }
}
