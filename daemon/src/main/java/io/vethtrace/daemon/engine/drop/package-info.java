/** The kernel's exact drop counts over time. */
@NullMarked
package io.vethtrace.daemon.engine.drop;

import org.jspecify.annotations.NullMarked;
