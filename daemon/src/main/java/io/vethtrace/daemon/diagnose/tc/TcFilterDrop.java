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
import io.vethtrace.daemon.diagnose.model.RequiredFact;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.diagnose.neighbour.NeighbourFlush;
import io.vethtrace.daemon.kernel.filtering.TcFilter;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.kernel.shell.ShellWord;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.daemon.trace.NftFields;
import java.util.List;
import java.util.Optional;

/**
 * A filter of traffic control dropped a packet at a device's ingress or egress: sch_handle_ingress
 * and sch_handle_egress (net/core/dev.c), reasons TC_INGRESS and TC_EGRESS since 5.18. Before, the
 * places are shared with other drops, and a filter that can have done it has to be there.
 */
public final class TcFilterDrop implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
              new DeclaredCause(
                  Cause.TC_FILTER,
                  Detection.BY_DROP,
                  """
                  A filter at ingress or egress has the action drop, or a BPF program that \
                  drops: `sch_handle_ingress`, `sch_handle_egress` (net/core/dev.c).\
                  """,
                  """
                  The reasons `TC_INGRESS` and `TC_EGRESS` (5.18). Before: the location, and \
                  a filter of the device that reads this protocol and can drop. rtnetlink \
                  shows the filter that counted a drop.\
                  """,
                  "`tc filter del dev DEV ingress … pref N handle H KIND`."))
          .needing(RequiredFact.QUEUES);

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
        .filter(journey -> isByFilter(view, journey.last()))
        .findFirst()
        .map(journey -> finding(view, journey));
  }

  private static boolean isByFilter(ConversationView view, Event drop) {
    return switch (view.dropSubsystem(drop)) {
      case TC_INGRESS, TC_EGRESS ->
          view.snapshot().reason(drop).startsWith("TC_") || !candidates(view, drop).isEmpty();
      default -> false;
    };
  }

  /** Those that can drop it; those alone that counted a drop where there are such. */
  private static List<TcFilter> candidates(ConversationView view, Event drop) {
    boolean ingress = view.dropSubsystem(drop) == DropSubsystem.TC_INGRESS;
    List<TcFilter> able =
        view.snapshot().netns(drop.netns()).stream()
            .map(NetnsFacts::details)
            .flatMap(details -> details.filters().tcFilters().stream())
            .filter(filter -> filter.ifindex() == drop.ifindex() && filter.ingress() == ingress)
            .filter(filter ->
                filter.mayDrop() && filter.matchesEtherType(NftFields.of(drop).etherType()))
            .toList();
    List<TcFilter> counted = able.stream().filter(filter -> filter.drops() > 0).toList();
    return counted.isEmpty() ? able : counted;
  }

  private static Finding finding(ConversationView view, Journey journey) {
    Event drop = journey.last();
    List<TcFilter> candidates = candidates(view, drop);
    boolean ingress = view.dropSubsystem(drop) == DropSubsystem.TC_INGRESS;
    String direction = ingress ? "ingress" : "egress";
    FindingBuilder builder =
        new FindingBuilder(Cause.TC_FILTER, Verdict.DROPPED, Confidence.OBSERVED)
            .title("a filter of tc drops the packet at the %s of %s", direction, drop.ifname())
            .explanation("%s", explanation(journey, ingress, candidates))
            .hook(Hook.KFREE_SKB.kernelName())
            .dropReason(view.snapshot().reason(drop))
            .proves(Evidence.Kind.DROP, "%s", EvidenceText.drop(view, drop));
    candidates.forEach(
        filter -> builder.proves(Evidence.Kind.RULE, "%s", words(filter, direction)));
    return builder
        .fix(
            candidates.size() == 1
                ? view.commandPrefix(drop.netns())
                    .map(prefix -> fix(view, prefix, journey, direction, candidates.getFirst()))
                : Optional.empty())
        .at(drop, journey, view, view.drops().size());
  }

  private static String explanation(Journey journey, boolean ingress, List<TcFilter> candidates) {
    String when =
        ingress
            ? "behind captures and in front of IP"
            : "in front of captures, so that tcpdump does not show the packet";
    String who =
        switch (candidates.size()) {
          case 0 ->
              " No filter is there now that could have done it: it was removed, or is a BPF program"
                  + " attached by tcx (bpftool net).";
          case 1 -> "";
          default -> " %d filters can have done it.".formatted(candidates.size());
        };
    return "%s was dropped by traffic control. Its filters act %s; no command for firewalls shows"
            .formatted(journey.summary(), when)
        + " them."
        + who;
  }

  private static String words(TcFilter filter, String direction) {
    return "filter at %s: %s%s, %d packets dropped by its actions"
        .formatted(
            direction,
            filter.selector(),
            filter.name().isEmpty() ? "" : " (program " + filter.name() + ")",
            filter.drops());
  }

  private static Fix fix(
      ConversationView view, String prefix, Journey journey, String direction, TcFilter filter) {
    String device = ShellWord.of(view.snapshot().deviceName(journey.last()));
    Fix fix =
        new Fix(
            List.of(
                "%stc filter del dev %s %s %s"
                    .formatted(prefix, device, direction, filter.selector())),
            "Whatever else this filter dropped passes too.");
    return NeighbourFlush.after(fix, view, journey);
  }
}
