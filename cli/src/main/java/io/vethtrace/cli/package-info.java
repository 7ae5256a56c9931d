/**
 * The commands. Enters: the command line, the environment and signals. Leaves: text or JSON on
 * standard output, one sentence on standard error where something is missing, and the exit code.
 */
@NullMarked
package io.vethtrace.cli;

import org.jspecify.annotations.NullMarked;
