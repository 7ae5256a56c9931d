/**
 * The commands of {@code vethtrace}. Enters: the command line, the environment and signals. Leaves:
 * text or JSON on standard output, one sentence on standard error for an error, and the exit code.
 */
@NullMarked
package io.vethtrace.cli;

import org.jspecify.annotations.NullMarked;
