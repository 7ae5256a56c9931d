package io.vethtrace.cli.option;

/** When there is colour. */
public enum ColourMode {
  /** Where standard output is a terminal that has some, unless NO_COLOR (no-color.org) says no. */
  AUTO,
  ALWAYS,
  NEVER;

  public boolean isWanted(boolean terminal) {
    return switch (this) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO -> terminal && EnvironmentVariables.text("NO_COLOR").isEmpty() && !isDumb();
    };
  }

  private static boolean isDumb() {
    return EnvironmentVariables.text("TERM").filter(term -> term.equals("dumb")).isPresent();
  }
}
