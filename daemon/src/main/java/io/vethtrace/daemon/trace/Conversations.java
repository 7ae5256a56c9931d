package io.vethtrace.daemon.trace;

import io.vethtrace.daemon.packet.IpPacket;
import io.vethtrace.daemon.trace.ConversationKey.Echo;
import io.vethtrace.daemon.trace.ConversationKey.Keyed;
import io.vethtrace.daemon.trace.ConversationKey.Neighbour;
import io.vethtrace.daemon.trace.ConversationKey.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Groups journeys into conversations: by key, also by those that NAT gave to a packet on its way,
 * and, where several networks use the same addresses, by the namespaces that the packets share. A
 * question that is asked once more after it was answered, or closed, begins another one: that a
 * neighbour was found a minute ago says nothing of it now. Holds a bounded number; the oldest leave
 * first. Not safe for use by several threads.
 */
public final class Conversations {
  private final int capacity;
  private final Predicate<Conversation> isClosed;
  private final Map<ConversationKey, List<Conversation>> byKey = new HashMap<>();
  private final SequencedSet<Conversation> byAge = new LinkedHashSet<>();
  private long forgotten;

  /** Keeps at most {@code capacity} conversations, none of which is ever closed. */
  public Conversations(int capacity) {
    this(capacity, _ -> false);
  }

  /**
   * Keeps at most {@code capacity} conversations.
   *
   * @param isClosed returns true for a conversation that stays as it is: a journey that belongs to
   *     it goes to a successor, which takes its place here
   */
  public Conversations(int capacity, Predicate<Conversation> isClosed) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity=" + capacity);
    }
    this.capacity = capacity;
    this.isClosed = isClosed;
  }

  /** Adds a journey and returns the conversation to which it belongs. */
  public Conversation add(Journey journey) {
    List<Keyed> names = journey.names();
    for (Keyed name : names) {
      Conversation known = find(name.key(), journey);
      if (known != null && isAskedAnew(known, name, journey)) {
        leave(known);
      } else if (known != null) {
        return join(goingOn(known), name.role(), journey, names, false);
      }
      ConversationKey back = name.key().reversed();
      Conversation other = back.equals(name.key()) ? null : find(back, journey);
      if (other != null && isAskedAnew(other, name, journey)) {
        leave(other);
      } else if (other != null) {
        Role role = name.role() == Role.REQUEST ? Role.REPLY : name.role();
        return join(goingOn(other), role, journey, names, true);
      }
    }
    Keyed first = names.getFirst();
    return join(begin(first.key()), first.role(), journey, names, false);
  }

  /**
   * Returns true if the journey begins another conversation under the same key: neighbour requests
   * and connection requests can be repeated long after their answer.
   */
  private boolean isAskedAnew(Conversation known, Keyed name, Journey journey) {
    boolean isQuestion =
        name.role() == Role.REQUEST && (name.key() instanceof Neighbour || isConnect(journey));
    return isQuestion && isOver(known, journey.first().ktimeNs());
  }

  /**
   * Returns true if a request at this time begins another conversation: after this one was closed,
   * or long after a reply. A late event of a closed conversation does neither.
   */
  private boolean isOver(Conversation known, long ktimeNs) {
    return (isClosed.test(known) && ktimeNs > known.lastNs()) || known.isLongAnswered(ktimeNs);
  }

  /** Ends a conversation: a closed one leaves, and another one is still one of all. */
  private void leave(Conversation over) {
    unname(over);
    if (isClosed.test(over)) {
      byAge.remove(over);
    }
  }

  /** Returns the conversation itself, or the successor of one that is closed. */
  private Conversation goingOn(Conversation known) {
    if (!isClosed.test(known)) {
      return known;
    }
    Conversation next = known.successor();
    for (ConversationKey name : next.names()) {
      byKey.computeIfPresent(
          name,
          (_, same) -> {
            same.replaceAll(one -> one.equals(known) ? next : one);
            return same;
          });
    }
    byAge.remove(known);
    byAge.addLast(next);
    return next;
  }

  private static boolean isConnect(Journey journey) {
    return journey.packet() instanceof IpPacket ip && ip.isConnect();
  }

  private Conversation join(
      Conversation conversation, Role role, Journey journey, List<Keyed> names, boolean reversed) {
    conversation.add(role, journey);
    for (Keyed name : names) {
      // That anybody may answer is for the question to say.
      boolean isGuess = role == Role.REPLY && name.key() instanceof Echo e && e.isByAnybody();
      if (role != Role.ERROR && !isGuess) {
        name(conversation, reversed ? name.key().reversed() : name.key());
      }
    }
    return conversation;
  }

  /** Makes the conversation available under this key too. */
  private void name(Conversation conversation, ConversationKey key) {
    if (conversation.isNewName(key)) {
      byKey.computeIfAbsent(key, k -> new ArrayList<>(1)).add(conversation);
    }
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
    for (Conversation conversation : byKey.getOrDefault(key, List.of())) {
      if (conversation.touches(journey)) {
        return conversation;
      }
    }
    return null;
  }

  private Conversation begin(ConversationKey key) {
    if (byAge.size() >= capacity) {
      forget(byAge.removeFirst());
    }
    Conversation conversation = new Conversation(key);
    name(conversation, key);
    byAge.addLast(conversation);
    return conversation;
  }

  private void forget(Conversation conversation) {
    forgotten++;
    unname(conversation);
  }

  /** Removes the conversation, so that no further packet belongs to it. */
  private void unname(Conversation conversation) {
    for (ConversationKey name : conversation.names()) {
      byKey.computeIfPresent(
          name,
          (key, same) -> {
            same.remove(conversation);
            return same.isEmpty() ? null : same;
          });
    }
  }
}
