package io.vethtrace.daemon.engine.capture;

import static io.vethtrace.daemon.engine.EngineTimings.ANSWERED_BEFORE_NS;
import static io.vethtrace.daemon.engine.EngineTimings.FINDING_HOLDS_NS;
import static io.vethtrace.daemon.engine.EngineTimings.TAP_AHEAD_NS;

import io.vethtrace.daemon.trace.ConversationKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The findings on the conversations of a capture, and the frames for which each of them holds. A
 * fault that goes on is found again, and one that is cured is not. For one thread.
 */
final class FrameFindings {
  private static final int MAX_CONVERSATIONS = 4096;

  /** More than can be found while a frame waits. */
  private static final int MAX_OF_ONE = 4;

  private final Map<ConversationKey, Deque<Held>> byKey = new LinkedHashMap<>();

  private static final class Held {
    final String comment;
    final long fromUnixNs;
    final long unixNs;
    long untilUnixNs;

    Held(String comment, long fromUnixNs, long unixNs) {
      this.comment = comment;
      this.fromUnixNs = fromUnixNs;
      this.unixNs = unixNs;
      untilUnixNs = unixNs + FINDING_HOLDS_NS;
    }

    boolean holds(long atUnixNs) {
      return fromUnixNs <= atUnixNs && atUnixNs <= untilUnixNs;
    }
  }

  /**
   * Adds a finding.
   *
   * @param fromUnixNs the time of the first packet that met the fault
   * @param unixNs the time of the finding
   */
  void add(ConversationKey key, String comment, long fromUnixNs, long unixNs) {
    Deque<Held> findings = byKey.computeIfAbsent(key, _ -> new ArrayDeque<>(1));
    findings.addLast(new Held(comment, fromUnixNs - TAP_AHEAD_NS, unixNs));
    if (findings.size() > MAX_OF_ONE) {
      findings.removeFirst();
    }
    if (byKey.size() > MAX_CONVERSATIONS) {
      byKey.remove(byKey.keySet().iterator().next());
    }
  }

  /** Ends what was found: a reply came. */
  void answered(ConversationKey key, long unixNs) {
    Deque<Held> findings = byKey.get(key);
    if (findings != null) {
      findings.forEach(
          one -> one.untilUnixNs = Math.min(one.untilUnixNs, unixNs - ANSWERED_BEFORE_NS));
    }
  }

  boolean isEmpty() {
    return byKey.isEmpty();
  }

  /**
   * Returns what holds for a frame of that time: the next finding on each conversation, else the
   * last.
   */
  Stream<String> of(Set<ConversationKey> conversations, long unixNs) {
    return conversations.stream().flatMap(key -> of(key, unixNs));
  }

  private Stream<String> of(ConversationKey key, long unixNs) {
    Held best = null;
    for (Held one : byKey.getOrDefault(key, new ArrayDeque<>(0))) {
      boolean isNext = best == null || best.unixNs < unixNs;
      best = one.holds(unixNs) && isNext ? one : best;
    }
    return Stream.ofNullable(best).map(one -> one.comment);
  }
}
