/**
 * The ways in which the program ends: its exit codes, the failures that carry one, and the signals
 * that ask for an end. Every other package uses it; it uses none of them.
 */
@NullMarked
package io.vethtrace.cli.exit;

import org.jspecify.annotations.NullMarked;
