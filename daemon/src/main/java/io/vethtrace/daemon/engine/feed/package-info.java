/**
 * Bounded fan-out of journeys and findings from the trace thread to many readers, with a bounded
 * history. A slow reader gets a counted gap and never slows another.
 */
@NullMarked
package io.vethtrace.daemon.engine.feed;

import org.jspecify.annotations.NullMarked;
