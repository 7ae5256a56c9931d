package io.vethtrace.daemon.engine.capture;

import io.vethtrace.daemon.capture.file.CaptureInterface;
import io.vethtrace.daemon.capture.file.FindingComment;
import io.vethtrace.daemon.capture.file.UnseenDrop;
import io.vethtrace.daemon.diagnose.model.EventNames;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.engine.DisplayNames;
import io.vethtrace.daemon.kernel.drop.SourceCheckResult;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.daemon.trace.SourceCheckSysctls;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The comments on the frames of a capture, one line each, as Wireshark shows them. For one thread:
 * names are looked up once, since many frames take the same way.
 */
final class FrameComments {
  private static final String BY = FindingComment.BY;
  private static final int MAX_REMEMBERED = 4096;

  private final DisplayNames names;
  private final Map<Object, String> remembered = new HashMap<>();

  FrameComments(DisplayNames names) {
    this.names = names;
  }

  FrameOutcome of(Journey journey) {
    List<String> faults = new ArrayList<>(0);
    refusal(journey).ifPresent(faults::add);
    if (isDrop(journey)) {
      faults.add(BY + "dropped " + where(journey.last()));
    }
    String way = way(journey);
    return new FrameOutcome(List.copyOf(faults), remember(way, () -> way), journey.keyed().key());
  }

  /** Returns what refused or dropped a frame's packet, else the way that it took. */
  static List<String> of(List<FrameOutcome> outcomes) {
    if (outcomes.size() == 1 && outcomes.getFirst().faults().isEmpty()) { // nearly all of a flood's
      return List.of(outcomes.getFirst().way());
    }
    List<String> faults = outcomes.stream().flatMap(outcome -> outcome.faults().stream()).toList();
    return faults.isEmpty() && !outcomes.isEmpty() ? List.of(outcomes.getFirst().way()) : faults;
  }

  static List<String> ofOneOf(List<Long> packetIds) {
    return List.of(
        BY
            + "of packet %d or %d: both look like this and passed at this time"
                .formatted(packetIds.getFirst(), packetIds.getLast()));
  }

  private String remember(Object key, Supplier<String> text) {
    if (remembered.size() > MAX_REMEMBERED) {
      remembered.clear();
    }
    return remembered.computeIfAbsent(key, _ -> text.get());
  }

  private String netnsName(int inode) {
    return remember(inode, () -> names.netns(inode));
  }

  private String location(Event event) {
    return remember(EventNames.address(event), () -> names.location(event));
  }

  /** Returns the comments on a drop that no tap saw. */
  List<String> ofDrop(Journey journey) {
    return List.of(UnseenDrop.comment("dropped " + where(journey.last())));
  }

  /** Returns the comment on a frame whose packet met this fault. */
  String of(Finding finding) {
    List<String> fix =
        finding.fixes().isEmpty() ? List.of() : finding.fixes().getFirst().commands();
    return new FindingComment(finding.title(), finding.cause().name(), finding.confidence().name())
        .comment(fix);
  }

  /** Returns the description that a pcapng file has of an interface in that namespace. */
  String netns(int inode) {
    return CaptureInterface.ofNetns(netnsName(inode));
  }

  /** Returns true if the journey ended in a drop that matters. */
  boolean isDrop(Journey journey) {
    return journey.isDropped() && !names.isHarmless(journey);
  }

  private Optional<String> refusal(Journey journey) {
    return journey.refusedSourceCheck().map(this::refusal);
  }

  private String refusal(Event.SourceCheck check) {
    return BY
        + "refused by fib_validate_source on %s: %s%s"
            .formatted(
                check.ifname(),
                meaning(check.result()),
                check.settings().map(FrameComments::text).orElse(""));
  }

  private String meaning(int result) {
    return switch (SourceCheckResult.of(result, names.reasons())) {
      case SourceCheckResult.Refused refused when refused.possibleReasons().size() > 1 ->
          refused.reason()
              + " ("
              + String.join(" or ", new TreeSet<>(refused.possibleReasons()))
              + ")";
      case SourceCheckResult.Refused refused -> refused.reason();
      case SourceCheckResult.Accepted _ -> "accepted";
    };
  }

  private static String text(SourceCheckSysctls settings) {
    return "; accept_local=%d (all=%d), rp_filter=%d (all=%d)"
        .formatted(
            settings.acceptLocalDev(),
            settings.acceptLocalAll(),
            settings.rpFilterDev(),
            settings.rpFilterAll());
  }

  private String where(Event end) {
    String device = end.ifname().isEmpty() ? "" : "on " + end.ifname() + " ";
    String location = location(end);
    String reason = names.reason(end);
    return (device
            + (location.isEmpty() ? "" : "in " + location)
            + (reason.isEmpty() ? "" : ": " + reason))
        .strip();
  }

  /** Returns the devices in order, and the end. */
  private String way(Journey journey) {
    StringBuilder way = new StringBuilder(BY);
    String device = "";
    int netns = 0;
    for (Event hop : journey.hops()) {
      boolean isMoved = hop.netns() != netns;
      if (!hop.ifname().isEmpty() && (isMoved || !hop.ifname().equals(device))) {
        way.append(device.isEmpty() ? "" : " → ").append(hop.ifname());
        device = hop.ifname();
        if (isMoved) {
          netns = hop.netns();
          way.append('@').append(netnsName(netns));
        }
      }
    }
    return way.append(end(journey)).toString();
  }

  private String end(Journey journey) {
    String location = location(journey.last());
    return switch (journey.end()) {
      case CONSUMED -> location.isEmpty() ? ", used" : ", used in " + location;
      case DROPPED -> location.isEmpty() ? ", freed" : ", freed in " + location;
      case OUT_OF_SIGHT -> ", no further sight of it";
    };
  }
}
