/**
 * Headers and flow keys, straight from bytes. Enters: the bytes that a hook or a capture saw.
 * Leaves: immutable values; a truncated or unknown header is a value too. Runs on any thread.
 */
@NullMarked
package io.vethtrace.daemon.packet;

import org.jspecify.annotations.NullMarked;
