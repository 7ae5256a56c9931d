/**
 * Checks of this kernel and this process for {@code vethtrace doctor}: facts from files, and
 * trials.
 */
@NullMarked
package io.vethtrace.daemon.probe.check;

import org.jspecify.annotations.NullMarked;
