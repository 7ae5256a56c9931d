/**
 * Tests of single commands: {@code drops}, {@code watch}, and the standard streams of {@code why}.
 */
@NullMarked
package io.vethtrace.lab.command;

import org.jspecify.annotations.NullMarked;
