package io.vethtrace.daemon.diagnose.model;

import io.vethtrace.daemon.kernel.filtering.FiltersAndQueues;
import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.IpHeader;
import io.vethtrace.daemon.trace.Journey;
import java.util.function.Consumer;

/**
 * Facts that a rule needs of some conversations. They are read only for these conversations,
 * because reading them may take long.
 */
@FunctionalInterface
public interface RequiredFact {
  /** The rules of nftables, for which programs must be run: only if netfilter dropped a packet. */
  RequiredFact RULESET =
      (conversation, names, requests) ->
          drops(
              conversation,
              drop -> {
                if (DropSubsystem.of(names, drop) == DropSubsystem.NETFILTER) {
                  requests.filters(drop.netns(), FiltersAndQueues.Part.RULESET);
                }
              });

  /** The qdiscs and tc filters: only if traffic control dropped a packet. */
  RequiredFact QUEUES =
      (conversation, names, requests) ->
          drops(
              conversation,
              drop -> {
                switch (DropSubsystem.of(names, drop)) {
                  case QDISC, TC_INGRESS, TC_EGRESS ->
                      requests.filters(drop.netns(), FiltersAndQueues.Part.QUEUES);
                  case NETFILTER, XDP, OTHER -> {}
                }
              });

  /** The sockets: only if packets with ports were dropped, or were refused or not answered. */
  RequiredFact SOCKETS =
      (conversation, names, requests) -> {
        boolean met =
            conversation.dropCount() > 0
                || conversation.replies().stream()
                    .allMatch(reply -> IpHeader.is(reply, IpHeader.Kind.RESET));
        if (met && conversation.journeys().anyMatch(RequiredFact::hasPorts)) {
          conversation.namespaces().forEach(requests::sockets);
        }
      };

  /** Asks for these facts if the conversation calls for them. */
  void request(Conversation conversation, EventNames names, FactRequests requests);

  private static boolean hasPorts(Journey journey) {
    return IpHeader.of(journey.first()).filter(header -> !header.transport().isEmpty()).isPresent();
  }

  private static void drops(Conversation conversation, Consumer<Event> action) {
    conversation.journeys().map(Journey::last).filter(Event.Drop.class::isInstance).forEach(action);
  }
}
