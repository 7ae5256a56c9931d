/**
 * Taps on devices of any network namespace, and the join of their frames with journeys. Each tap
 * has two threads of its own.
 */
@NullMarked
package io.vethtrace.daemon.capture.live;

import org.jspecify.annotations.NullMarked;
