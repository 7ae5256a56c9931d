package io.vethtrace.daemon.diagnose;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.kernel.ShellWord;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.util.Optional;

/**
 * The command after which a sender asks anew. A question that was asked in vain fails up to a
 * second later, and takes with it what was sent meanwhile, also after the cure
 * (neigh_timer_handler, net/core/neighbour.c).
 */
final class AskAgain {
  private AskAgain() {}

  /** The fix, and that command where the conversation is about a neighbour, or died for one. */
  static Fix after(Fix fix, Case question, Journey journey) {
    Event asked = journey.first();
    boolean failed = question.isNeighbourFailure(journey.last());
    if (!failed && !(question.isNeighbour() && isRequest(question, journey))) {
      return fix;
    }
    String what =
        question.isNeighbour()
            ? "to %s ".formatted(InetAddresses.toAddrString(question.key().target()))
            : "";
    return flush(question, failed ? journey.last() : asked, what).map(fix::and).orElse(fix);
  }

  private static boolean isRequest(Case question, Journey journey) {
    return question.conversation().requests().contains(journey);
  }

  private static Optional<String> flush(Case question, Event asker, String what) {
    String dev = ShellWord.of(question.snapshot().deviceName(asker));
    return question
        .commandPrefix(asker.netns())
        .map(prefix -> "%sip neigh flush %sdev %s".formatted(prefix, what, dev));
  }
}
