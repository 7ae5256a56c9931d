/**
 * The routes and policy rules of a network namespace, and the answers of the kernel to
 * RTM_GETROUTE.
 */
@NullMarked
package io.vethtrace.daemon.kernel.route;

import org.jspecify.annotations.NullMarked;
