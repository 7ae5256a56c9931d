package io.vethtrace.cli.option;

/** The format of output: text for people, or one JSON object a line for programs. */
public enum OutputFormat {
  TEXT,
  JSON
}
