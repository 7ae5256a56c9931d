package io.vethtrace.daemon.capture.compare;

import io.vethtrace.daemon.capture.compare.CapturedRequests.Subject;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.ConversationKey.Keyed;
import io.vethtrace.daemon.trace.ConversationKey.Neighbour;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds what was asked in captures and not answered. */
public final class UnansweredSearch {
  private final Map<ConversationKey, CapturedRequests> byKey = new LinkedHashMap<>();

  private UnansweredSearch() {}

  /** Requests without an answer, one entry for each two hosts and kind. */
  public static List<UnansweredFrames> unanswered(CaptureSet set, PointPairs pairings) {
    UnansweredSearch questions = new UnansweredSearch();
    set.sights().forEach(questions::take);
    Set<Neighbour> heard = questions.heard();
    List<UnansweredFrames> all = new ArrayList<>();
    for (List<CapturedRequests> subject : questions.bySubject().values()) {
      all.addAll(new RequestOutcome(set, pairings, heard, subject).all());
    }
    return all;
  }

  private void take(FrameRecord sight) {
    Keyed keyed = ConversationKey.of(sight.packet());
    CapturedRequests known = byKey.get(keyed.key());
    switch (keyed.role()) {
      case REPLY -> add(known == null ? null : known.replies(), sight);
      case ERROR -> add(known == null ? null : known.errors(), sight);
      case REQUEST -> request(keyed.key(), known, sight);
    }
  }

  private static void add(@Nullable List<FrameRecord> sights, FrameRecord sight) {
    if (sights != null) {
      sights.add(sight);
    }
  }

  /** A packet the other way in a flow that was asked for is an answer too, even a refusal. */
  private void request(ConversationKey key, @Nullable CapturedRequests known, FrameRecord sight) {
    if (CapturedRequests.isAsked(key, sight)) {
      byKey.computeIfAbsent(key, CapturedRequests::new).requests().add(sight);
      return;
    }
    CapturedRequests asked = byKey.get(key.reversed());
    if (known == null && asked != null && key instanceof ConversationKey.Flow) {
      asked.replies().add(sight);
    }
  }

  private Set<Neighbour> heard() {
    Set<Neighbour> heard = new HashSet<>();
    for (CapturedRequests question : byKey.values()) {
      if (question.key() instanceof Neighbour neighbour && !question.replies().isEmpty()) {
        heard.add(neighbour);
      }
    }
    return heard;
  }

  private Map<Subject, List<CapturedRequests>> bySubject() {
    Map<Subject, List<CapturedRequests>> subjects = new LinkedHashMap<>();
    for (CapturedRequests question : byKey.values()) {
      subjects.computeIfAbsent(question.subject(), k -> new ArrayList<>()).add(question);
    }
    return subjects;
  }
}
