/**
 * Options that several commands share, the types of their values and the converters that read them.
 * Enters: words of the command line and environment variables. Leaves: values, or an error that
 * says what to write instead.
 */
@NullMarked
package io.vethtrace.cli.option;

import org.jspecify.annotations.NullMarked;
