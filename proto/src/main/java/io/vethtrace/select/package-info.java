/**
 * Filters for items of the stream. The daemon filters what it sends, and the command line filters
 * what a recording has. Enters: a {@code WatchRequest}, then items. Leaves: true or false. No I/O,
 * no clock; any thread.
 */
package io.vethtrace.select;
