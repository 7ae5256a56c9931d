/**
 * Explains frames that a bridge does not take in or does not forward: port states, isolation,
 * flooding, VLANs.
 */
@NullMarked
package io.vethtrace.daemon.diagnose.bridge;

import org.jspecify.annotations.NullMarked;
