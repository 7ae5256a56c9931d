package io.vethtrace.daemon.trace;

import java.util.List;

/**
 * Requests of one kind between two hosts that captures show without an answer.
 *
 * @param key of the first of them
 * @param request the first of them, in tcpdump's words
 * @param requests how many were sent
 * @param unanswered how many of them got no answer
 * @param fate what came in place of an answer
 * @param leftAt the interface that saw them first
 * @param isDevice whether that is the name of a device, and not that of a file
 * @param heardByTarget whether the target answered a neighbour request of the same requester: then
 *     it takes packets from there
 * @param crossings each other interface that captured at that time
 * @param endsCapture whether a capture ended within a moment after the last of them, so that an
 *     answer may have come too late for it
 */
public record Silence(
    ConversationKey key,
    String request,
    int requests,
    int unanswered,
    Fate fate,
    String leftAt,
    boolean isDevice,
    boolean heardByTarget,
    List<Crossing> crossings,
    boolean endsCapture) {

  public Silence {
    crossings = List.copyOf(crossings);
  }

  /** What came in place of an answer. */
  public sealed interface Fate {
    /** Nothing. */
    record Nothing() implements Fate {}

    /**
     * An ICMP error.
     *
     * @param from its sender
     */
    record Refused(int type, int code, boolean v6, String from) implements Fate {}

    /**
     * An answer that did not come all the way.
     *
     * @param seenAt the interface that saw it
     * @param missingAt the one that the requests left by
     */
    record Lost(String reply, String seenAt, String missingAt) implements Fate {}
  }

  /**
   * Another place on the way of the requests.
   *
   * @param seen how many of those without an answer were seen there
   * @param minLaterNs how much later than where they left
   */
  public record Crossing(String ifname, int seen, long minLaterNs, long maxLaterNs) {}

  /** Whether a further place saw one of them: they got over the link. */
  public boolean crossed() {
    return crossings.stream().anyMatch(crossing -> crossing.seen() > 0);
  }
}
