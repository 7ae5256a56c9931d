/** The kernel's exact counts of drops over time. */
@NullMarked
package io.vethtrace.daemon.engine.drop;

import org.jspecify.annotations.NullMarked;
