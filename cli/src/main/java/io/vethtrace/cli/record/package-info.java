/**
 * Recordings: {@link io.vethtrace.cli.record.RecordingWriter} writes what the daemon sends, and
 * {@link io.vethtrace.cli.record.RecordingReader} reads it. recording.proto defines the format.
 */
@NullMarked
package io.vethtrace.cli.record;

import org.jspecify.annotations.NullMarked;
