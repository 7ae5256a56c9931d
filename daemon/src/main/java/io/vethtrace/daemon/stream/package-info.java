/**
 * Bounded fan-out from the one trace thread to many readers. Enters: journeys and findings. Leaves:
 * the same, to each subscriber, in order; a slow subscriber gets a counted gap and never slows
 * another.
 */
@NullMarked
package io.vethtrace.daemon.stream;

import org.jspecify.annotations.NullMarked;
