/**
 * Messages of vethtrace.v1 as text for people and as JSON for programs. Enters: messages. Leaves:
 * lines. No I/O but the stream that it is given.
 */
@NullMarked
package io.vethtrace.cli.print;

import org.jspecify.annotations.NullMarked;
