/**
 * One investigated command. Enters: a command line and a channel. Leaves: the report, with every
 * process of the command ended where the investigation was cut short. The caller's thread leads;
 * one thread follows the command's processes.
 */
@NullMarked
package io.vethtrace.cli.investigate;

import org.jspecify.annotations.NullMarked;
