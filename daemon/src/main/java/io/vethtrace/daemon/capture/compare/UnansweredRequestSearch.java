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
public final class UnansweredRequestSearch {
  private final Map<ConversationKey, CapturedRequests> byKey = new LinkedHashMap<>();

  private UnansweredRequestSearch() {}

  /** Requests without an answer, one entry for each two hosts and kind. */
  public static List<UnansweredFrames> unanswered(CaptureSet set, CapturePointPairs pairings) {
    UnansweredRequestSearch questions = new UnansweredRequestSearch();
    set.frameRecords().forEach(questions::take);
    Set<Neighbour> heard = questions.heard();
    List<UnansweredFrames> all = new ArrayList<>();
    for (List<CapturedRequests> subject : questions.bySubject().values()) {
      all.addAll(new RequestOutcome(set, pairings, heard, subject).all());
    }
    return all;
  }

  private void take(FrameRecord frame) {
    Keyed keyed = ConversationKey.of(frame.packet());
    CapturedRequests known = byKey.get(keyed.key());
    switch (keyed.role()) {
      case REPLY -> add(known == null ? null : known.replies(), frame);
      case ERROR -> add(known == null ? null : known.errors(), frame);
      case REQUEST -> request(keyed.key(), known, frame);
    }
  }

  private static void add(@Nullable List<FrameRecord> frameRecords, FrameRecord frame) {
    if (frameRecords != null) {
      frameRecords.add(frame);
    }
  }

  /** A packet the other way in a flow that was asked for is an answer too, even a refusal. */
  private void request(ConversationKey key, @Nullable CapturedRequests known, FrameRecord frame) {
    if (CapturedRequests.isRequest(key, frame)) {
      byKey.computeIfAbsent(key, CapturedRequests::new).requests().add(frame);
      return;
    }
    CapturedRequests asked = byKey.get(key.reversed());
    if (known == null && asked != null && key instanceof ConversationKey.Flow) {
      asked.replies().add(frame);
    }
  }

  private Set<Neighbour> heard() {
    Set<Neighbour> heard = new HashSet<>();
    for (CapturedRequests group : byKey.values()) {
      if (group.key() instanceof Neighbour neighbour && !group.replies().isEmpty()) {
        heard.add(neighbour);
      }
    }
    return heard;
  }

  private Map<Subject, List<CapturedRequests>> bySubject() {
    Map<Subject, List<CapturedRequests>> subjects = new LinkedHashMap<>();
    for (CapturedRequests group : byKey.values()) {
      subjects.computeIfAbsent(group.subject(), k -> new ArrayList<>()).add(group);
    }
    return subjects;
  }
}
