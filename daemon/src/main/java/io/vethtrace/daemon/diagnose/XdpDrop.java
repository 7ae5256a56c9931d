package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.kernel.Link;
import io.vethtrace.daemon.kernel.NetnsFacts;
import io.vethtrace.daemon.kernel.ShellWord;
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
final class XdpDrop implements Rule {
  @Override
  public Optional<Finding> apply(Case question) {
    if (question.answered()) {
      return Optional.empty();
    }
    return question.drops().stream()
        .filter(journey -> question.dropKind(journey.last()) == DropKind.XDP)
        .findFirst()
        .map(journey -> finding(question, journey));
  }

  private static Optional<Link> link(Case question, Event drop) {
    return question
        .snapshot()
        .netns(drop.netns())
        .map(NetnsFacts::details)
        .flatMap(details -> details.link(drop.ifindex()));
  }

  private static Finding finding(Case question, Journey journey) {
    Event drop = journey.last();
    OptionalInt program = link(question, drop).map(Link::xdpProgram).orElseGet(OptionalInt::empty);
    boolean generic = !question.snapshot().place(drop).startsWith("veth_");
    String mode = generic ? "generic" : "native";
    Draft draft =
        new Draft(Cause.XDP, Verdict.DROPPED, Confidence.OBSERVED)
            .title("an XDP program drops what %s receives", drop.ifname())
            .explanation(
                "%s reached %s, and the XDP program there (%s mode) answered XDP_DROP or failed. It"
                    + " acts in front of captures, tc and netfilter, so that none of them shows the"
                    + " packet.",
                journey.summary(), drop.ifname(), mode)
            .hook(Hook.KFREE_SKB.kernelName())
            .dropReason(question.snapshot().reason(drop))
            .proves(Evidence.Kind.DROP, "%s", Words.drop(question, drop));
    program.ifPresent(id ->
        draft.proves(Evidence.Kind.RULE, "XDP program %d on %s, %s mode", id, drop.ifname(), mode));
    return draft
        .fix(
            question
                .commandPrefix(drop.netns())
                .map(prefix ->
                    AskAgain.after(fix(question, prefix, drop, generic), question, journey)))
        .at(drop, journey, question, question.drops().size());
  }

  private static Fix fix(Case question, String prefix, Event drop, boolean generic) {
    String device = ShellWord.of(question.snapshot().deviceName(drop));
    return new Fix(
        List.of(
            "%sip link set dev %s %s off"
                .formatted(prefix, device, generic ? "xdpgeneric" : "xdpdrv")),
        "All that the program did on this device ends, redirects and statistics too.");
  }
}
