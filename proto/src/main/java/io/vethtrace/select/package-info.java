/**
 * What a {@code WatchRequest} selects, asked of the messages themselves: the daemon asks it of what
 * it sends, and the CLI of what a recording holds. Enters: a request, then items. Leaves: yes or
 * no. No I/O, no clock; any thread.
 */
package io.vethtrace.select;
