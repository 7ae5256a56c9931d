/**
 * Messages of vethtrace.v1 as text for people and as JSON for programs. Enters: messages. Leaves:
 * lines. It does no I/O except to look at the terminal.
 */
@NullMarked
package io.vethtrace.cli.print;

import org.jspecify.annotations.NullMarked;
