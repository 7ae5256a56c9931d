package io.vethtrace.daemon.engine;

import io.vethtrace.daemon.diagnose.model.SnapshotSource;
import io.vethtrace.daemon.engine.capture.TapOpener;
import io.vethtrace.daemon.engine.drop.DropCountHistory;
import io.vethtrace.daemon.engine.feed.Feed;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.daemon.engine.feed.TraceStream;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.attach.ProbeCost;
import io.vethtrace.daemon.probe.counter.PacketCounters;
import io.vethtrace.daemon.probe.object.TraceFilter;
import io.vethtrace.daemon.serve.Messages;
import io.vethtrace.daemon.trace.Conversation;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What the services need of the running daemon. Safe on any thread. */
public interface Tracing {
  /** An answer may take a second; a conversation is judged once it was quiet for longer. */
  long QUIET_NS = Conversation.ANSWER_NS;

  /** A fault that goes on is told again, but not sooner. */
  long TELL_AGAIN_NS = Duration.ofSeconds(10).toNanos();

  /** What is told, and what was. */
  TraceStream stream();

  /** Journeys and findings as they are made. */
  default Feed<TraceItem> feed() {
    return stream().feed();
  }

  /** How fast the probe points' hits and the stages' items come, by name. */
  CounterRates rates();

  /** Completes when every event that is in the ring now has become part of its journey. */
  CompletableFuture<Void> drained();

  /**
   * Completes when every journey that has begun by now and passed one of these namespaces is in the
   * feed; of all namespaces where there are none. What nobody frees in sight takes a second.
   */
  CompletableFuture<Void> quiet(Set<Integer> netns);

  /**
   * A time (System.nanoTime): what was in the feed by then is judged. A few seconds ago where
   * packets go unanswered, which takes as long to tell.
   */
  long judgedUntilNs();

  /** Facts about the namespaces that packets passed. */
  SnapshotSource snapshots();

  /** The daemon's values as messages. */
  Messages messages();

  /** Where frames can be captured. */
  TapOpener taps();

  /** The kernel's own counts of drops. */
  DropCountHistory drops();

  /** Events that were lost so far before the feed. */
  long lostEvents();

  /** What the kernel lets through to the probes' ring. */
  TraceFilter selection();

  /** The probe points as they stand. */
  List<ProbeStatus> probes();

  /** What this daemon can see of this kernel, and what it lacks. */
  TracingReport checkup();

  /** The stages before the feed, in the order in which an event passes. */
  List<StageCounts> stages();

  /** How many clients read the feed; the daemon's own readers are none. */
  int clients();

  /** Capacity of the kernel's ring. */
  long ringBytes();

  /** Bytes of it that wait to be read. */
  long ringUsedBytes();

  /** The kernel's own counts, which no loss of events touches. */
  PacketCounters tallies();

  /** What the probes that are attached cost. */
  List<ProbeCost> costs();
}
