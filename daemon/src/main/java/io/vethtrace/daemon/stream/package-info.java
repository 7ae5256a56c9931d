/**
 * Bounded fan-out from the trace thread, and the one that judges, to many readers. Enters: journeys
 * and findings. Leaves: the same, to each subscriber, in order; a slow subscriber gets a counted
 * gap and never slows another. What was there before is in a bounded history, which is read without
 * ever holding up the thread that writes it.
 */
@NullMarked
package io.vethtrace.daemon.stream;

import org.jspecify.annotations.NullMarked;
