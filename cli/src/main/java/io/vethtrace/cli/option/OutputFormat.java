package io.vethtrace.cli.option;

/** For people, or one JSON object a line for programs. */
public enum OutputFormat {
  TEXT,
  JSON
}
