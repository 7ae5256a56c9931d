package io.vethtrace.daemon.diagnose.model;

import io.vethtrace.daemon.trace.Conversation;
import java.util.Collection;

/** Takes a {@link Snapshot} now. May enter namespaces: not for the trace thread. */
@FunctionalInterface
public interface SnapshotSource {
  /** Reads what the rules need for these conversations: their namespaces, the names of places. */
  Snapshot take(Collection<Conversation> conversations);
}
