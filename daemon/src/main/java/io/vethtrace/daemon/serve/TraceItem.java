package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.diagnose.Finding;
import io.vethtrace.daemon.trace.Journey;

/** What the daemon publishes to its readers. */
public sealed interface TraceItem {
  /** A journey came to its end. */
  record JourneyEnded(Journey journey) implements TraceItem {}

  /** A fault was found in the live traffic. */
  record FaultFound(Finding finding) implements TraceItem {}
}
