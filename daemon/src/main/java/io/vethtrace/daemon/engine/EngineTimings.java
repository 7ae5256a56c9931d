package io.vethtrace.daemon.engine;

import io.vethtrace.daemon.capture.live.FrameJoin;
import io.vethtrace.daemon.trace.Conversation;
import java.time.Duration;

/**
 * The times by which the daemon decides: when to judge, to repeat, to report and to give up. Each
 * states the reason for its length. What is compared with a clock is in nanoseconds.
 */
public final class EngineTimings {
  private EngineTimings() {}

  // Judging.

  /**
   * A conversation is judged once no packet of it came for this long. An answer may take a second.
   */
  public static final long QUIET_NS = Conversation.ANSWER_NS;

  /**
   * A conversation that goes on without an answer is judged after this long: requests are often
   * repeated after a second, so it includes two of them and more.
   */
  public static final long OVERDUE_NS = 2 * QUIET_NS;

  /**
   * The same fault is not reported again within this time: a ping a second would repeat it with
   * each packet. It is also the time for which a verdict can be the reason for a later one.
   */
  public static final long REPEAT_FINDING_NS = Duration.ofSeconds(10).toNanos();

  /** The judge looks for conversations that are due this often: a fraction of QUIET_NS. */
  public static final Duration JUDGE_POLL = Duration.ofMillis(250);

  // One command.

  /**
   * The conversations of a command that has ended get this long to settle, unless the client says
   * otherwise: an answer may take a while, and the kernel repeats an ARP request after a second.
   */
  public static final Duration SETTLE = Duration.ofMillis(1500);

  /**
   * The ring is drained within this time or the report says that events are missing. A reader that
   * keeps up needs milliseconds.
   */
  public static final Duration DRAIN_LIMIT = Duration.ofSeconds(2);

  /**
   * A report waits this long for the next journey: it bounds how late a command gets its answer.
   */
  public static final Duration COMMAND_POLL = Duration.ofMillis(20);

  // Captures.

  /**
   * A frame waits this long for the verdict on its packet, unless the client says otherwise: longer
   * than an unanswered conversation takes to be judged.
   */
  public static final Duration CAPTURE_HOLD = Duration.ofSeconds(5);

  /**
   * A packet that nobody frees in sight is followed for a second, and its journey is published with
   * the next tick. No frame is written sooner.
   */
  public static final long JOURNEY_END_NS = Duration.ofMillis(1500).toNanos();

  /** A capture that ends waits no longer than this for a daemon that is behind with its events. */
  public static final long CAPTURE_END_NS = Duration.ofSeconds(15).toNanos();

  /**
   * Two times of one packet, by a tap and by the probe point beside it, are no further apart than
   * this: what {@link FrameJoin} joins, and the error with which the clocks are converted.
   */
  public static final long JOIN_SPAN_NS = FrameJoin.BESIDE_NS + Duration.ofMillis(50).toNanos();

  /** A capture looks for frames and journeys this often: a client sees frames as they come. */
  public static final Duration CAPTURE_POLL = Duration.ofMillis(20);

  /**
   * A finding holds for later frames of its conversation for this long: it is repeated after
   * REPEAT_FINDING_NS if the fault goes on, and to judge its packets takes up to five seconds.
   */
  public static final long FINDING_HOLDS_NS = REPEAT_FINDING_NS + Duration.ofSeconds(5).toNanos();

  /** A request this shortly before an answer was answered by it: its finding holds no longer. */
  public static final long ANSWERED_BEFORE_NS = Duration.ofMillis(500).toNanos();

  /** A tap sees a frame up to this long before the probe point beside it does. */
  public static final long TAP_AHEAD_NS = Duration.ofMillis(100).toNanos();

  // Clients.

  /**
   * The completeness of the feed is asked for this often: each open request costs the trace thread
   * a look at all journeys.
   */
  public static final long WATERMARK_NS = Duration.ofMillis(100).toNanos();

  /** The loss counters are read no more often than this for one client: the kernel keeps them. */
  public static final long LOSS_POLL_NS = Duration.ofMillis(50).toNanos();

  /**
   * Losses, and the counts of a client, are reported to it at most this often: people read them.
   */
  public static final long REPORT_NS = Duration.ofSeconds(1).toNanos();

  /**
   * An item may come to the queue of a client this long after its time was taken: a watch with an
   * end waits for it.
   */
  public static final long LATE_ITEM_NS = Duration.ofMillis(100).toNanos();

  /** A call waits this long for the next item before it looks whether its client has left. */
  public static final Duration CLIENT_POLL = Duration.ofMillis(100);

  // Counters.

  /**
   * The moments of which drop counts are kept are this far apart: 360 of them are an hour, which is
   * as long as people look back.
   */
  public static final Duration DROP_MOMENTS = Duration.ofSeconds(10);

  /** Rates are sampled this often: they are per second, over the last five. */
  public static final Duration RATE_SAMPLES = Duration.ofSeconds(1);
}
