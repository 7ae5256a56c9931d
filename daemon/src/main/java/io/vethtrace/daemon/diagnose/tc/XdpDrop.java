package io.vethtrace.daemon.diagnose.tc;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Detection;
import io.vethtrace.daemon.diagnose.model.DropSubsystem;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.EvidenceText;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.Fix;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.diagnose.neighbour.NeighbourFlush;
import io.vethtrace.daemon.kernel.link.Link;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.kernel.shell.ShellWord;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An XDP program dropped a frame: in generic mode do_xdp_generic (net/core/dev.c), reason XDP since
 * 5.18; on a veth in native mode veth_xdp_rcv_skb (drivers/net/veth.c), which gives no reason up to
 * 7.3.
 */
public final class XdpDrop implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
          new DeclaredCause(
              Cause.XDP,
              Detection.BY_DROP,
              """
              An XDP program returns XDP_DROP or fails: `do_xdp_generic` \
              (net/core/dev.c; reason `XDP` since 5.18), on a veth `veth_xdp_rcv_skb` \
              (drivers/net/veth.c; no reason up to 7.3).\
              """,
              """
              The reason, otherwise the location; the program's id from rtnetlink.\
              """,
              "`ip link set dev DEV xdpdrv off` or `xdpgeneric off`."));

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
        .filter(journey -> view.dropSubsystem(journey.last()) == DropSubsystem.XDP)
        .findFirst()
        .map(journey -> finding(view, journey));
  }

  private static Optional<Link> link(ConversationView view, Event drop) {
    return view.snapshot()
        .netns(drop.netns())
        .map(NetnsFacts::details)
        .flatMap(details -> details.link(drop.ifindex()));
  }

  private static Finding finding(ConversationView view, Journey journey) {
    Event drop = journey.last();
    OptionalInt program = link(view, drop).map(Link::xdpProgram).orElseGet(OptionalInt::empty);
    boolean generic = !view.snapshot().location(drop).startsWith("veth_");
    String mode = generic ? "generic" : "native";
    FindingBuilder builder =
        new FindingBuilder(Cause.XDP, Verdict.DROPPED, Confidence.OBSERVED)
            .title("an XDP program drops what %s receives", drop.ifname())
            .explanation(
                "%s reached %s, and the XDP program there (%s mode) answered XDP_DROP or failed. It"
                    + " acts in front of captures, tc and netfilter, so that none of them shows the"
                    + " packet.",
                journey.summary(), drop.ifname(), mode)
            .hook(Hook.KFREE_SKB.kernelName())
            .dropReason(view.snapshot().reason(drop))
            .proves(Evidence.Kind.DROP, "%s", EvidenceText.drop(view, drop));
    program.ifPresent(id ->
        builder.proves(
            Evidence.Kind.RULE, "XDP program %d on %s, %s mode", id, drop.ifname(), mode));
    return builder
        .fix(
            view.commandPrefix(drop.netns())
                .map(prefix ->
                    NeighbourFlush.after(fix(view, prefix, drop, generic), view, journey)))
        .at(drop, journey, view, view.drops().size());
  }

  private static Fix fix(ConversationView view, String prefix, Event drop, boolean generic) {
    String device = ShellWord.of(view.snapshot().deviceName(drop));
    return new Fix(
        List.of(
            "%sip link set dev %s %s off"
                .formatted(prefix, device, generic ? "xdpgeneric" : "xdpdrv")),
        "All that the program did on this device ends, redirects and statistics too.");
  }
}
