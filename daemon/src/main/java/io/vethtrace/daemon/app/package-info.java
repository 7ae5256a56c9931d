/**
 * Configuration, wiring, start and stop. Enters: the command line and signals. Leaves: the exit
 * code.
 */
@NullMarked
package io.vethtrace.daemon.app;

import org.jspecify.annotations.NullMarked;
