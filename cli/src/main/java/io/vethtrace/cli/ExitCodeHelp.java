package io.vethtrace.cli;

/** The sentences of the help about exit codes. A code has the same sentence in every command. */
final class ExitCodeHelp {
  static final String SHOWN = "0:done, whatever it showed";
  static final String DONE = "0:done";
  static final String NOTHING_WRONG = "0:nothing wrong";
  static final String FAULT_FOUND = "1:a fault was found";
  static final String USAGE = "2:the command line is wrong";
  static final String NOT_POSSIBLE =
      "3:tracing is not possible here; standard error says what is missing";
  static final String EVENTS_LOST = "4:events were lost, so the verdict may be incomplete";

  private ExitCodeHelp() {}
}
