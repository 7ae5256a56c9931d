/**
 * End-to-end tests: they drive {@code build/vethtrace} as people do, natively and in guests, and
 * know nothing of its classes. What cannot run here (no root, no QEMU) is skipped with its reason.
 */
@NullMarked
package io.vethtrace.lab;

import org.jspecify.annotations.NullMarked;
