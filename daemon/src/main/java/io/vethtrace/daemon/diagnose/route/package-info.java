/**
 * Explains packets without a route, refusing routes and rules, disabled forwarding, and what a
 * router refuses: an expired TTL, a packet larger than the next MTU, a loopback address on the
 * wire.
 */
@NullMarked
package io.vethtrace.daemon.diagnose.route;

import org.jspecify.annotations.NullMarked;
