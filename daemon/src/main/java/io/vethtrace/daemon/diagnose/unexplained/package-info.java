/**
 * The last rules: a drop that no other rule explains, and a request without an answer and without a
 * drop.
 */
@NullMarked
package io.vethtrace.daemon.diagnose.unexplained;

import org.jspecify.annotations.NullMarked;
