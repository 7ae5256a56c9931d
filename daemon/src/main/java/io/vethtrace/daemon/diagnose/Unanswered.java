package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.util.Optional;

/** A request that must be answered was not, and nothing that was seen says why. */
final class Unanswered implements Rule {
  @Override
  public Optional<Finding> apply(Case question) {
    boolean mustBeAnswered =
        switch (question.key()) {
          case ConversationKey.Neighbour n -> true;
          case ConversationKey.Echo e -> true;
          // A datagram or a segment may be the last one: silence alone is no fault.
          case ConversationKey.Flow f -> false;
          case ConversationKey.Alone a -> false;
        };
    Conversation conversation = question.conversation();
    return mustBeAnswered && !question.answered() && !conversation.requests().isEmpty()
        ? Optional.of(finding(question, conversation))
        : Optional.empty();
  }

  private static Finding finding(Case question, Conversation conversation) {
    Journey last = conversation.replies().stream().findFirst().orElseGet(
        () -> conversation.requests().getFirst());
    Event sight = last.last();
    return new Draft(Cause.UNKNOWN, Verdict.UNANSWERED, Confidence.INFERRED)
        .title("no answer, and nothing that was seen says why")
        .explanation(
            "%s was last seen at %s on %s. No drop of it was observed.",
            last.summary(),
            sight.hook().kernelName(),
            sight.ifname())
        .hook(sight.hook().kernelName())
        .proves(
            Evidence.Kind.PACKETS,
            "%d requests seen, %d replies",
            conversation.requestCount(),
            conversation.replyCount())
        .at(sight, last, question, conversation.requestCount());
  }
}
