/**
 * Captures beside each other: the same packet at several capture points, requests without an
 * answer.
 */
@NullMarked
package io.vethtrace.daemon.capture.compare;

import org.jspecify.annotations.NullMarked;
