package io.vethtrace.cli;

/** When there is colour. */
enum Colour {
  /** Where standard output is a terminal that has some, unless NO_COLOR (no-color.org) says no. */
  AUTO,
  ALWAYS,
  NEVER;

  boolean isWanted(boolean terminal) {
    return switch (this) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO -> terminal && Environment.text("NO_COLOR").isEmpty() && !isDumb();
    };
  }

  private static boolean isDumb() {
    return Environment.text("TERM").filter(term -> term.equals("dumb")).isPresent();
  }
}
