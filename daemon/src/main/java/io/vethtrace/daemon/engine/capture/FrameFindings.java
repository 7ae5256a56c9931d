package io.vethtrace.daemon.engine.capture;

import io.vethtrace.daemon.engine.Tracing;
import io.vethtrace.daemon.trace.ConversationKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What was found of the conversations that a capture sees, and for which of their frames it holds:
 * a fault that goes on is told again, one that is cured is not. For one thread.
 */
final class FrameFindings {
  /** A fault that goes on is told again within this time: its packets are judged besides. */
  private static final long HOLDS_NS = Tracing.TELL_AGAIN_NS + Duration.ofSeconds(5).toNanos();

  /** What was asked so shortly before an answer was answered by it. */
  private static final long ANSWER_NS = Duration.ofMillis(500).toNanos();

  /** A tap sees a frame a moment before the probe point beside it does. */
  private static final long BESIDE_NS = Duration.ofMillis(100).toNanos();

  private static final int MAX_CONVERSATIONS = 4096;

  /** As many as are told while a frame waits, and more. */
  private static final int MAX_OF_ONE = 4;

  private final Map<ConversationKey, Deque<Told>> byKey = new LinkedHashMap<>();

  private static final class Told {
    final String comment;
    final long fromUnixNs;
    final long unixNs;
    long untilUnixNs;

    Told(String comment, long fromUnixNs, long unixNs) {
      this.comment = comment;
      this.fromUnixNs = fromUnixNs;
      this.unixNs = unixNs;
      untilUnixNs = unixNs + HOLDS_NS;
    }

    boolean holds(long atUnixNs) {
      return fromUnixNs <= atUnixNs && atUnixNs <= untilUnixNs;
    }
  }

  /**
   * A finding was told.
   *
   * @param fromUnixNs when the first packet was seen that met it
   * @param unixNs when it was told
   */
  void add(ConversationKey key, String comment, long fromUnixNs, long unixNs) {
    Deque<Told> told = byKey.computeIfAbsent(key, _ -> new ArrayDeque<>(1));
    told.addLast(new Told(comment, fromUnixNs - BESIDE_NS, unixNs));
    if (told.size() > MAX_OF_ONE) {
      told.removeFirst();
    }
    if (byKey.size() > MAX_CONVERSATIONS) {
      byKey.remove(byKey.keySet().iterator().next());
    }
  }

  /** An answer came: whatever was found holds no longer. */
  void answered(ConversationKey key, long unixNs) {
    Deque<Told> told = byKey.get(key);
    if (told != null) {
      told.forEach(one -> one.untilUnixNs = Math.min(one.untilUnixNs, unixNs - ANSWER_NS));
    }
  }

  boolean isEmpty() {
    return byKey.isEmpty();
  }

  /** What holds for a frame of that time: of each conversation what was told next, else last. */
  Stream<String> of(Set<ConversationKey> conversations, long unixNs) {
    return conversations.stream().flatMap(key -> of(key, unixNs));
  }

  private Stream<String> of(ConversationKey key, long unixNs) {
    Told best = null;
    for (Told told : byKey.getOrDefault(key, new ArrayDeque<>(0))) {
      boolean isNext = best == null || best.unixNs < unixNs;
      best = told.holds(unixNs) && isNext ? told : best;
    }
    return Stream.ofNullable(best).map(told -> told.comment);
  }
}
