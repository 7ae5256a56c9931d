/** One client's capture: joins frames with journeys and findings, and puts them in order. */
@NullMarked
package io.vethtrace.daemon.engine.capture;

import org.jspecify.annotations.NullMarked;
