package io.vethtrace.daemon.engine;

import java.util.List;

/** The counts of what passed each stage before the clients, and of what was lost. Any thread. */
public interface LossCounters {
  /** Returns how many events were lost so far before the feed. */
  long lostEvents();

  /** Returns the counts of each stage, in the order in which an event passes them. */
  List<PipelineStageCounts> stages();
}
