package io.vethtrace.daemon.diagnose.source;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.route.RouteQueries;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.daemon.trace.SourceCheckSysctls;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Concludes the decision of fib_validate_source where the function cannot be watched: about an ARP
 * request that came in for one of the namespace's own addresses and was not answered. The device is
 * the one on which ARP freed the request, which is the function's dev argument (net/ipv4/arp.c,
 * arp_process: skb-&gt;dev). The finding is always INFERRED.
 */
public final class InferredSourceRefusal implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.givesOthers(
              Cause.SOURCE_ADDRESS_IS_LOCAL, Cause.REVERSE_PATH_FILTER, Cause.INVALID_SOURCE)
          .needing(RouteQueries.TO_SENDERS);

  private static final Evidence LIMIT =
      new Evidence(
          Evidence.Kind.LIMIT,
          "fib_validate_source cannot be watched here (why: vethtrace doctor); settings were read"
              + " afterwards");

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    if (!view.isBlind(Hook.FIB_VALIDATE_SOURCE) || view.answered()) {
      return Optional.empty();
    }
    return view.key() instanceof ConversationKey.Neighbour neighbour
        ? view.requestReceivedByOwner(neighbour.target())
            .flatMap(request -> modelled(view, neighbour, request))
            .map(refusal -> refusal.finding(view).withEvidence(LIMIT))
        : Optional.empty();
  }

  private static Optional<SourceAddressFinding> modelled(
      ConversationView view, ConversationKey.Neighbour neighbour, Journey request) {
    Event hop = request.taken().orElseThrow();
    return view.snapshot()
        .netns(hop.netns())
        .flatMap(facts -> modelled(facts, neighbour.requester(), request, hop));
  }

  private static Optional<SourceAddressFinding> modelled(
      NetnsFacts facts, InetAddress source, Journey request, Event hop) {
    Optional<Device> receiver = facts.device(hop.ifindex());
    Optional<Device> owner = facts.owner(source);
    Optional<SourceCheckSysctls> settings = receiver.flatMap(device -> settings(facts, device));
    if (settings.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> refusal =
        owner.isPresent()
            ? SourceCheckModel.refusalOfLocal(
                settings.get(), owner.get().ifindex() == hop.ifindex())
            : SourceCheckModel.refusalOfForeign(facts, source, settings.get(), hop.ifindex());
    return refusal.map(reason ->
        new SourceAddressFinding(
            request, hop, source, reason, OptionalInt.empty(), settings, Confidence.INFERRED));
  }

  /** Empty where the device has no IPv4 settings: then nothing can be concluded. */
  private static Optional<SourceCheckSysctls> settings(NetnsFacts facts, Device receiver) {
    if (receiver.rpFilter().isEmpty() || receiver.acceptLocal().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new SourceCheckSysctls(
            facts.rpFilterAll(),
            receiver.rpFilter().getAsInt(),
            facts.acceptLocalAll(),
            receiver.acceptLocal().getAsInt()));
  }
}
