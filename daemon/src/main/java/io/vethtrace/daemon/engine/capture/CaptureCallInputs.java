package io.vethtrace.daemon.engine.capture;

import io.vethtrace.daemon.engine.DisplayNames;
import io.vethtrace.daemon.engine.LossCounters;
import io.vethtrace.daemon.engine.feed.FeedProgress;
import io.vethtrace.daemon.engine.feed.FeedPublisher;
import io.vethtrace.daemon.engine.feed.TraceItem;
import java.util.function.LongSupplier;

/**
 * The parts of the daemon from which captures take frames, journeys and findings.
 *
 * @param judgedUntilNs a time of System.nanoTime up to which all items of the feed are judged
 * @param seesAll false if a filter hides packets from the probes
 */
public record CaptureCallInputs(
    TapOpener taps,
    FeedPublisher<TraceItem> feed,
    FeedProgress progress,
    LongSupplier judgedUntilNs,
    LossCounters losses,
    boolean seesAll,
    DisplayNames names) {}
