package io.vethtrace.cli.option;

/** The choice of {@code --color}. */
public enum ColourMode {
  /**
   * Colour if standard output is a terminal that has colours and NO_COLOR (no-color.org) is unset.
   */
  AUTO,
  ALWAYS,
  NEVER;

  /** Returns true if text gets colours. */
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
