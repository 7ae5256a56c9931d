package io.vethtrace.daemon.diagnose;

import java.util.Set;

/** Takes a {@link Snapshot} now. May enter namespaces: not for the trace thread. */
@FunctionalInterface
public interface SnapshotSource {
  /** Reads the namespaces with these inodes. */
  Snapshot take(Set<Integer> namespaces);
}
