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
 * @param netnsName the namespace of that interface, by its name for people; empty where no file
 *     says
 * @param heardByTarget whether the target answered a neighbour request of the same requester: then
 *     it takes packets from there
 * @param crossings each other interface that captured at that time
 * @param endsCapture whether a capture ended within a moment after the last of them, so that an
 *     answer may have come too late for it
 * @param notes what the captures themselves say that was found, the most frequent first
 */
public record UnansweredRequests(
    ConversationKey key,
    String request,
    int requests,
    int unanswered,
    Fate fate,
    String leftAt,
    boolean isDevice,
    String netnsName,
    boolean heardByTarget,
    List<Crossing> crossings,
    boolean endsCapture,
    List<Note> notes) {

  public UnansweredRequests {
    crossings = List.copyOf(crossings);
    notes = List.copyOf(notes);
  }

  /** The packets that came instead of an answer. */
  public sealed interface Fate {
    /** Nothing. */
    record Nothing() implements Fate {}

    /**
     * An ICMP error.
     *
     * @param message its name
     * @param from its sender
     */
    record Refused(int type, int code, boolean v6, String message, String from) implements Fate {}

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

  /**
   * A finding that the capture was made with, as it says.
   *
   * @param cause its name in model.proto
   * @param confidence OBSERVED or INFERRED
   * @param packets how many of those without an answer it is noted on
   */
  public record Note(String title, String cause, String confidence, int packets) {}

  /** Returns true if another capture point captured one of them: they crossed the link. */
  public boolean crossed() {
    return crossings.stream().anyMatch(crossing -> crossing.seen() > 0);
  }
}
