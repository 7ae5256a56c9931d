package io.vethtrace.daemon.capture;

import io.vethtrace.daemon.capture.Question.Subject;
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
public final class Questions {
  private final Map<ConversationKey, Question> byKey = new LinkedHashMap<>();

  private Questions() {}

  /** Requests without an answer, one entry for each two hosts and kind. */
  public static List<Unanswered> unanswered(CaptureSet set, Pairings pairings) {
    Questions questions = new Questions();
    set.sights().forEach(questions::take);
    Set<Neighbour> heard = questions.heard();
    List<Unanswered> all = new ArrayList<>();
    for (List<Question> subject : questions.bySubject().values()) {
      all.addAll(new SubjectVerdict(set, pairings, heard, subject).all());
    }
    return all;
  }

  private void take(Sight sight) {
    Keyed keyed = ConversationKey.of(sight.packet());
    Question known = byKey.get(keyed.key());
    switch (keyed.role()) {
      case REPLY -> add(known == null ? null : known.replies(), sight);
      case ERROR -> add(known == null ? null : known.errors(), sight);
      case REQUEST -> request(keyed.key(), known, sight);
    }
  }

  private static void add(@Nullable List<Sight> sights, Sight sight) {
    if (sights != null) {
      sights.add(sight);
    }
  }

  /** A packet the other way in a flow that was asked for is an answer too, even a refusal. */
  private void request(ConversationKey key, @Nullable Question known, Sight sight) {
    if (Question.isAsked(key, sight)) {
      byKey.computeIfAbsent(key, Question::new).requests().add(sight);
      return;
    }
    Question asked = byKey.get(key.reversed());
    if (known == null && asked != null && key instanceof ConversationKey.Flow) {
      asked.replies().add(sight);
    }
  }

  private Set<Neighbour> heard() {
    Set<Neighbour> heard = new HashSet<>();
    for (Question question : byKey.values()) {
      if (question.key() instanceof Neighbour neighbour && !question.replies().isEmpty()) {
        heard.add(neighbour);
      }
    }
    return heard;
  }

  private Map<Subject, List<Question>> bySubject() {
    Map<Subject, List<Question>> subjects = new LinkedHashMap<>();
    for (Question question : byKey.values()) {
      subjects.computeIfAbsent(question.subject(), k -> new ArrayList<>()).add(question);
    }
    return subjects;
  }
}
