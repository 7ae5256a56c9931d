/**
 * The verdict on captures alone, without events: requests without an answer, and the causes that
 * this leaves open. All of it is inferred.
 */
@NullMarked
package io.vethtrace.daemon.diagnose.capture;

import org.jspecify.annotations.NullMarked;
