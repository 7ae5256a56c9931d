/**
 * Explains packets that netfilter drops: walks the ruleset as the kernel does and finds the rules
 * that can have dropped the packet.
 */
@NullMarked
package io.vethtrace.daemon.diagnose.netfilter;

import org.jspecify.annotations.NullMarked;
