/**
 * Explains devices that are down, have no carrier, have IPv6 disabled, or receive a frame that is
 * addressed to another device.
 */
@NullMarked
package io.vethtrace.daemon.diagnose.link;

import org.jspecify.annotations.NullMarked;
