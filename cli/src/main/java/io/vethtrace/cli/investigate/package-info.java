/**
 * The investigation of a command. Enters: a command line and a channel. Leaves: the report. All
 * processes of the command have then ended. The caller's thread runs the investigation, and one
 * thread follows the processes of the command.
 */
@NullMarked
package io.vethtrace.cli.investigate;

import org.jspecify.annotations.NullMarked;
