package io.vethtrace.daemon.trace;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Journeys that belong together: requests, their replies, and the ICMP errors about them. Of each
 * role the first {@link #KEPT} journeys are kept, with the first {@link #KEPT} drops behind them,
 * and all packets are counted: one that was cloned has several journeys and counts once. Not safe
 * for use by several threads.
 */
public final class Conversation {
  /** A fault shows in the first packets that meet it; a flood must not fill the memory. */
  public static final int KEPT = 16;

  /** A request that comes later after an answer begins anew: an answer takes at most a second. */
  public static final long ANSWER_NS = Duration.ofMillis(1500).toNanos();

  /** NAT gives a flow two or three names; something that has more must not fill the memory. */
  private static final int NAMES = 8;

  private final ConversationKey key;
  private final Set<ConversationKey> names = new HashSet<>(2);
  private final List<Journey> requests = new ArrayList<>(1);
  private final List<Journey> replies = new ArrayList<>(1);
  private final List<Journey> errors = new ArrayList<>(0);
  private final Set<Integer> namespaces = new HashSet<>();
  private int requestCount;
  private int replyCount;
  private int dropCount;
  private long lastNs;
  private long lastReplyNs;

  Conversation(ConversationKey key) {
    this.key = key;
  }

  void add(ConversationKey.Role role, Journey journey) {
    lastNs = Math.max(lastNs, journey.last().ktimeNs());
    addNamespaces(journey);
    int packets = journey.isBranch() ? 0 : 1;
    dropCount += journey.isDropped() ? 1 : 0;
    switch (role) {
      case REQUEST -> {
        requestCount += packets;
        keep(requests, journey);
      }
      case REPLY -> {
        replyCount += packets;
        lastReplyNs = Math.max(lastReplyNs, journey.last().ktimeNs());
        keep(replies, journey);
      }
      case ERROR -> keep(errors, journey);
    }
  }

  private void addNamespaces(Journey journey) {
    int known = 0;
    for (Event hop : journey.hops()) {
      if (hop.netns() != known && hop.netns() != 0) {
        known = hop.netns();
        namespaces.add(known);
      }
    }
  }

  private static void keep(List<Journey> journeys, Journey journey) {
    if (journeys.size() < (journey.isDropped() ? 2 * KEPT : KEPT)) {
      journeys.add(journey);
    }
  }

  public ConversationKey key() {
    return key;
  }

  /** The first requests, in order of their end. */
  public List<Journey> requests() {
    return List.copyOf(requests);
  }

  /** The first replies, in order of their end. */
  public List<Journey> replies() {
    return List.copyOf(replies);
  }

  /** ICMP errors that quote a packet of this conversation. */
  public List<Journey> errors() {
    return List.copyOf(errors);
  }

  /** All journeys that were kept. */
  public Stream<Journey> journeys() {
    return Stream.of(requests, replies, errors).flatMap(List::stream);
  }

  /** Returns the number of requests that were seen, including those that were not kept. */
  public int requestCount() {
    return requestCount;
  }

  /** Returns the number of replies that were seen, including those that were not kept. */
  public int replyCount() {
    return replyCount;
  }

  /** Returns the number of journeys that ended in a drop, including those that were not kept. */
  public int dropCount() {
    return dropCount;
  }

  /** Inodes of all namespaces in which a packet of it was seen. */
  public Set<Integer> namespaces() {
    return Set.copyOf(namespaces);
  }

  /** The time of the last event, CLOCK_MONOTONIC. */
  public long lastNs() {
    return lastNs;
  }

  /** The same conversation as it goes on: without the drops and the errors, which are the past. */
  Conversation successor() {
    Conversation next = new Conversation(key);
    next.names.addAll(names);
    next.namespaces.addAll(namespaces);
    requests.stream().filter(journey -> !journey.isDropped()).forEach(next.requests::add);
    replies.stream().filter(journey -> !journey.isDropped()).forEach(next.replies::add);
    next.replyCount = replyCount;
    next.dropCount = dropCount;
    next.lastNs = lastNs;
    next.lastReplyNs = lastReplyNs;
    return next;
  }

  /** Returns true if a request at this time comes long after a reply. */
  boolean isLongAnswered(long ktimeNs) {
    return replyCount > 0 && ktimeNs - lastReplyNs > ANSWER_NS;
  }

  /** Adds a key; returns true if the conversation did not have it yet. */
  boolean isNewName(ConversationKey name) {
    return names.size() < NAMES && names.add(name);
  }

  /** All keys by which it is found. */
  Set<ConversationKey> names() {
    return names;
  }

  boolean touches(Journey journey) {
    if (namespaces.isEmpty()) {
      return true;
    }
    for (Event hop : journey.hops()) {
      if (hop.netns() != 0 && namespaces.contains(hop.netns())) {
        return true;
      }
    }
    return false;
  }
}
