/** The sysctls of a network namespace that rules read. */
@NullMarked
package io.vethtrace.daemon.kernel.sysctl;

import org.jspecify.annotations.NullMarked;
