package io.vethtrace.daemon.trace;

import io.vethtrace.daemon.trace.ConversationKey.Keyed;
import io.vethtrace.daemon.trace.ConversationKey.Role;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Groups journeys into conversations: by key, and, where several networks use the same addresses,
 * by the namespaces that the packets share. Holds a bounded number; the oldest leave first. Not
 * safe for use by several threads.
 */
public final class Conversations {
  private final int capacity;
  private final Map<ConversationKey, List<Conversation>> byKey = new HashMap<>();
  private final Deque<Conversation> byAge = new ArrayDeque<>();
  private long forgotten;

  /** Holds at most {@code capacity} conversations. */
  public Conversations(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity=" + capacity);
    }
    this.capacity = capacity;
  }

  /** Adds a journey and returns the conversation to which it belongs. */
  public Conversation add(Journey journey) {
    Keyed keyed = journey.keyed();
    Conversation known = join(keyed, journey);
    if (known == null) {
      known = join(journey.keyedAtEnd(), journey);
    }
    if (known != null) {
      return known;
    }
    Conversation begun = begin(keyed.key());
    begun.add(keyed.role(), journey);
    return begun;
  }

  private @Nullable Conversation join(Keyed keyed, Journey journey) {
    Conversation known = find(keyed.key(), journey);
    if (known != null) {
      known.add(keyed.role(), journey);
      return known;
    }
    Conversation other = find(keyed.key().reversed(), journey);
    if (other != null) {
      other.add(keyed.role() == Role.REQUEST ? Role.REPLY : keyed.role(), journey);
    }
    return other;
  }

  /** All conversations, oldest first. */
  public List<Conversation> all() {
    return List.copyOf(byAge);
  }

  /** Conversations that left because there were too many. */
  public long forgotten() {
    return forgotten;
  }

  private @Nullable Conversation find(ConversationKey key, Journey journey) {
    return byKey.getOrDefault(key, List.of()).stream()
        .filter(conversation -> conversation.touches(journey))
        .findFirst()
        .orElse(null);
  }

  private Conversation begin(ConversationKey key) {
    if (byAge.size() >= capacity) {
      forget(byAge.removeFirst());
    }
    Conversation conversation = new Conversation(key);
    byKey.computeIfAbsent(key, k -> new ArrayList<>(1)).add(conversation);
    byAge.addLast(conversation);
    return conversation;
  }

  private void forget(Conversation conversation) {
    forgotten++;
    byKey.computeIfPresent(
        conversation.key(),
        (key, same) -> {
          same.remove(conversation);
          return same.isEmpty() ? null : same;
        });
  }
}
