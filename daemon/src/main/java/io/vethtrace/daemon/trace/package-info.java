/**
 * Events to journeys (one skb from its first to its last hop) to conversations (journeys that
 * belong together). Enters: events, in ring order. Leaves: journeys and conversations as they end.
 * Runs on one thread, without a clock of its own: time comes in with events and ticks.
 */
@NullMarked
package io.vethtrace.daemon.trace;

import org.jspecify.annotations.NullMarked;
