package io.vethtrace.daemon.diagnose.unexplained;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Detection;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.ProbeVisibility;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.Optional;

/** A request that must be answered was not, and nothing that was seen says why. */
public final class RequestUnanswered implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
          new DeclaredCause(
              Cause.UNKNOWN,
              RequestUnanswered::detection,
              """
              An echo or ARP request is unanswered, and nothing that was seen says why.\
              """,
              "No reply.",
              "–"));

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  private static Detection.Outlook detection(ProbeVisibility visible) {
    return visible.sees(Hook.VETH_XMIT) || visible.sees(Hook.LOOPBACK_XMIT)
        ? Detection.Outlook.inferred("requests that get no reply")
        : Detection.Outlook.none("no request can be watched as it leaves");
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    boolean mustBeAnswered =
        switch (view.key()) {
          case ConversationKey.Neighbour n -> true;
          case ConversationKey.Echo e -> true;
          // A datagram or a segment may be the last one: silence alone is no fault.
          case ConversationKey.Flow f -> false;
          case ConversationKey.Alone a -> false;
        };
    Conversation conversation = view.conversation();
    return mustBeAnswered && !view.answered() && !conversation.requests().isEmpty()
        ? Optional.of(finding(view, conversation))
        : Optional.empty();
  }

  private static Finding finding(ConversationView view, Conversation conversation) {
    Journey last =
        conversation.replies().stream()
            .findFirst()
            .orElseGet(() -> conversation.requests().getFirst());
    Event lastHop = last.last();
    return new FindingBuilder(Cause.UNKNOWN, Verdict.UNANSWERED, Confidence.INFERRED)
        .title("no answer, and nothing that was seen says why")
        .explanation(
            "%s was last seen at %s on %s. No drop of it was observed.",
            last.summary(), lastHop.hook().kernelName(), lastHop.ifname())
        .hook(lastHop.hook().kernelName())
        .proves(
            Evidence.Kind.PACKETS,
            "%d requests seen, %d replies",
            conversation.requestCount(),
            conversation.replyCount())
        .at(lastHop, last, view, conversation.requestCount());
  }
}
