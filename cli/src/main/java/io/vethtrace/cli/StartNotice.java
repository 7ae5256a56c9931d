package io.vethtrace.cli;

/** A notice for a person, printed once tracing has started and no packet is missed any more. */
final class StartNotice {
  private final Console console;
  private final boolean json;
  private final String text;
  private boolean isDone;

  StartNotice(Console console, boolean json, String text) {
    this.console = console;
    this.json = json;
    this.text = text;
  }

  /** Prints the notice the first time, if a person watches a terminal. */
  void printOnce() {
    if (!isDone && console.terminal() && !json) {
      console.err().println(text);
    }
    isDone = true;
  }
}
