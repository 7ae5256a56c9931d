/**
 * Hands journeys, findings and events from the trace thread to many readers, and keeps a bounded
 * history. A slow reader gets a counted gap and never slows another. Writers are the trace thread
 * and the thread of the judge; each reader takes on a thread of its own.
 */
@NullMarked
package io.vethtrace.daemon.engine.feed;

import org.jspecify.annotations.NullMarked;
