package io.vethtrace.daemon.diagnose.source;

import static io.vethtrace.daemon.kernel.drop.SourceCheckResult.IP_INVALID_SOURCE;
import static io.vethtrace.daemon.kernel.drop.SourceCheckResult.IP_LOCAL_SOURCE;
import static io.vethtrace.daemon.kernel.drop.SourceCheckResult.IP_RPFILTER;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.diagnose.neighbour.NeighbourFlush;
import io.vethtrace.daemon.diagnose.route.ReturnRouteFix;
import io.vethtrace.daemon.kernel.drop.SourceCheckResult.Refused;
import io.vethtrace.daemon.kernel.netlink.Errno;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.kernel.route.RouteQuery;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.daemon.trace.SourceCheckSysctls;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A packet refused for its source address, and the finding about it.
 *
 * @param journey the packet
 * @param hop where it was refused, on the receiving device
 * @param source its source address: an ARP request's sender
 * @param reason the drop reason's name; one of SourceValidation's, or the kernel's number
 * @param result what fib_validate_source returned, where that was observed
 * @param settings what it read, where that is known
 */
record SourceAddressFinding(
    Journey journey,
    Event hop,
    InetAddress source,
    String reason,
    OptionalInt result,
    Optional<SourceCheckSysctls> settings,
    Confidence confidence) {

  private static final String VALIDATES =
      "The kernel validates the source of what a device receives. ";

  /** Seen in the function's result. */
  static SourceAddressFinding observed(
      ConversationView view, Journey journey, Event.SourceCheck check, Refused refused) {
    InetAddress source = view.sourceOf(journey);
    return new SourceAddressFinding(
        journey,
        check,
        source,
        refused.certain() ? refused.reason() : narrowed(view, check, source, refused),
        OptionalInt.of(check.result()),
        check.settings(),
        isUnnamed(refused) ? Confidence.INFERRED : Confidence.OBSERVED);
  }

  /** Returns true if the kernel gave a reason of the function's own that BTF does not name. */
  private static boolean isUnnamed(Refused refused) {
    return !refused.certain() && refused.canMean(IP_RPFILTER);
  }

  /** −EINVAL stands for a local and for an invalid source: the addresses tell which. */
  private static String narrowed(
      ConversationView view, Event.SourceCheck check, InetAddress source, Refused refused) {
    if (view.snapshot().netns(check.netns()).isEmpty()) {
      return refused.reason();
    }
    Optional<Device> owner = owner(view, check, source);
    if (isUnnamed(refused)) {
      return check
          .settings()
          .flatMap(settings -> concluded(settings, owner, check))
          .orElse(refused.reason());
    }
    if (!refused.canMean(IP_LOCAL_SOURCE)) {
      return refused.reason();
    }
    return owner.isPresent() ? IP_LOCAL_SOURCE : IP_INVALID_SOURCE;
  }

  /**
   * Returns the reason that the settings leave; without any reverse path filter a foreign source is
   * invalid.
   */
  private static Optional<String> concluded(
      SourceCheckSysctls settings, Optional<Device> owner, Event hop) {
    if (owner.isPresent()) {
      return SourceCheckModel.refusalOfLocal(settings, owner.get().ifindex() == hop.ifindex());
    }
    return Optional.of(settings.rpFilter() == 0 ? IP_INVALID_SOURCE : IP_RPFILTER);
  }

  private static Optional<Device> owner(ConversationView view, Event hop, InetAddress source) {
    return view.snapshot().netns(hop.netns()).flatMap(facts -> facts.owner(source));
  }

  Finding finding(ConversationView view) {
    FindingBuilder builder =
        switch (reason) {
          case IP_LOCAL_SOURCE -> localSource(view);
          case IP_RPFILTER -> reversePath(view);
          case IP_INVALID_SOURCE -> invalidSource();
          default -> unknownRefusal();
        };
    builder.hook(Hook.FIB_VALIDATE_SOURCE.kernelName()).dropReason(dropReason()).returned(result);
    proveResult(builder, view);
    proveSettings(builder);
    proveAddress(builder, view);
    provePackets(builder, view);
    return builder.at(hop, journey, view, view.conversation().requestCount());
  }

  private FindingBuilder localSource(ConversationView view) {
    String dev = hop.ifname();
    return new FindingBuilder(Cause.SOURCE_ADDRESS_IS_LOCAL, Verdict.REFUSED, confidence)
        .title("%s refuses packets from %s: it is this namespace's own address", dev, ip(source))
        .explanation(
            "%s is an address of %s's own namespace: with accept_local off the kernel takes such a"
                + " source for forged. %s rp_filter alone, or the sender's device, changes"
                + " nothing.",
            ip(source), dev, silence(view))
        .fix(fix(view).map(fix -> NeighbourFlush.after(fix.acceptLocal(settings), view, journey)));
  }

  private FindingBuilder reversePath(ConversationView view) {
    String dev = hop.ifname();
    if (hasNoWayBack(view)) {
      return noWayBack(view);
    }
    return new FindingBuilder(Cause.REVERSE_PATH_FILTER, Verdict.REFUSED, confidence)
        .title("%s refuses packets from %s: the way back is not through it", dev, ip(source))
        .explanation(
            "rp_filter is strict (1) on %s, and the route to %s does not lead out of %s. %s",
            dev, ip(source), dev, silence(view))
        .fix(fix(view).map(fix -> NeighbourFlush.after(fix.loosen(), view, journey)));
  }

  /** Loose mode refuses it too then. */
  private boolean hasNoWayBack(ConversationView view) {
    return view.snapshot()
        .netns(hop.netns())
        .flatMap(facts -> facts.details().routing().refusal(RouteQuery.to(source)))
        .isPresent();
  }

  private FindingBuilder noWayBack(ConversationView view) {
    Event received = journey.received().orElse(hop);
    return new FindingBuilder(Cause.REVERSE_PATH_FILTER, Verdict.REFUSED, confidence)
        .title("%s refuses packets from %s: there is no way back", hop.ifname(), ip(source))
        .explanation(
            "rp_filter is on for %s, and there is no route to %s at all, which even loose mode"
                + " (2) asks for. Without the filter the reply would have no route either. %s",
            hop.ifname(), ip(source), silence(view))
        .proves(Evidence.Kind.ADDRESS, "no route to %s", ip(source))
        .fix(
            ReturnRouteFix.back(view, received, source)
                .map(fix -> NeighbourFlush.after(fix, view, journey)));
  }

  private FindingBuilder invalidSource() {
    return new FindingBuilder(Cause.INVALID_SOURCE, Verdict.REFUSED, confidence)
        .title("%s refuses packets from %s: no such source is valid", hop.ifname(), ip(source))
        .explanation(
            VALIDATES + "The route to %s is neither a unicast nor a local one.", ip(source));
  }

  private FindingBuilder unknownRefusal() {
    return new FindingBuilder(Cause.OTHER_DROP, Verdict.REFUSED, confidence)
        .title("%s refuses packets from %s: %s", hop.ifname(), ip(source), reason)
        .explanation(
            VALIDATES + "It refused %s with %s; what that stands for here is not known.",
            ip(source),
            reason);
  }

  private static String silence(ConversationView view) {
    return view.isNeighbour()
        ? "An ARP request is refused in silence: no reply, no drop reason, no log."
        : "The packet is dropped.";
  }

  /** Its result was seen, and what that means was concluded: this kernel does not say the name. */
  private boolean isConcluded() {
    return result.isPresent() && confidence == Confidence.INFERRED;
  }

  private String dropReason() {
    return isConcluded() ? Integer.toUnsignedString(-result.getAsInt()) : reason;
  }

  private void proveResult(FindingBuilder builder, ConversationView view) {
    boolean errnos = !view.snapshot().reasons().areReturnedBySourceCheck();
    result.ifPresent(value ->
        builder.proves(
            Evidence.Kind.RETURN_VALUE,
            "fib_validate_source on %s returned %d%s",
            hop.ifname(),
            value,
            isConcluded() ? "" : meaning(value, errnos)));
    if (isConcluded()) {
      builder.proves(
          Evidence.Kind.LIMIT, "this kernel's BTF has no name for drop reason %s", dropReason());
    }
  }

  private String meaning(int value, boolean errnos) {
    return switch (reason) {
      case IP_LOCAL_SOURCE, IP_RPFILTER, IP_INVALID_SOURCE ->
          errnos ? " (%s: %s)".formatted(Errno.name(-value), reason) : " (%s)".formatted(reason);
      default -> "";
    };
  }

  private void proveSettings(FindingBuilder builder) {
    settings.ifPresent(s ->
        builder
            .proves(
                Evidence.Kind.SYSCTL,
                "accept_local: %s=%d, all=%d; either counts: %s",
                hop.ifname(),
                s.acceptLocalDev(),
                s.acceptLocalAll(),
                s.acceptLocal() ? "on" : "off")
            .proves(
                Evidence.Kind.SYSCTL,
                "rp_filter: %s=%d, all=%d; the maximum counts: %d",
                hop.ifname(),
                s.rpFilterDev(),
                s.rpFilterAll(),
                s.rpFilter()));
  }

  private void proveAddress(FindingBuilder builder, ConversationView view) {
    owner(view, hop, source)
        .ifPresent(device ->
            builder.proves(
                Evidence.Kind.ADDRESS,
                "%s is an address of %s in namespace %s",
                ip(source),
                device.name(),
                view.snapshot().netnsName(hop.netns())));
  }

  private void provePackets(FindingBuilder builder, ConversationView view) {
    builder.proves(
        Evidence.Kind.PACKETS,
        "%s: %d seen, %d answered",
        journey.summary(),
        view.conversation().requestCount(),
        view.conversation().replyCount());
  }

  private Optional<SourceSysctlFix> fix(ConversationView view) {
    return view.commandPrefix(hop.netns())
        .map(prefix -> new SourceSysctlFix(view.snapshot().deviceName(hop), prefix));
  }

  private static String ip(InetAddress address) {
    return InetAddresses.toAddrString(address);
  }
}
