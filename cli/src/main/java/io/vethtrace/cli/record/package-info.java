/**
 * Recordings: {@link io.vethtrace.cli.record.RecordingWriter} makes a file of what the daemon says,
 * {@link io.vethtrace.cli.record.RecordingReader} gives it back. The format is in recording.proto.
 */
@NullMarked
package io.vethtrace.cli.record;

import org.jspecify.annotations.NullMarked;
