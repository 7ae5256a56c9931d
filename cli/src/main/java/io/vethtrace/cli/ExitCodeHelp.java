package io.vethtrace.cli;

/** What help says of exit codes, where a command judges nothing or has its own words for it. */
final class ExitCodeHelp {
  static final String SHOWN = "0:done, whatever it showed";
  static final String DONE = "0:done";
  static final String USAGE = "2:the command line is wrong";
  static final String NOT_POSSIBLE =
      "3:tracing is not possible here; standard error says what is missing";

  private ExitCodeHelp() {}
}
