package io.vethtrace.cli;

/** What a person is told once, when it is sure that nothing is missed from then on. */
final class StartNotice {
  private final Console console;
  private final boolean json;
  private final String text;
  private boolean said;

  StartNotice(Console console, boolean json, String text) {
    this.console = console;
    this.json = json;
    this.text = text;
  }

  /** For people, and so only on a terminal. */
  void sayOnce() {
    if (!said && console.terminal() && !json) {
      console.err().println(text);
    }
    said = true;
  }
}
