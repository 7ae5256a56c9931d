package io.vethtrace.cli.print;

import java.util.List;

/** Lays out lines no wider than the terminal, with labels in a column on the left. */
final class TextLayout {
  /** The default width, which fits terminals, mails and pages. */
  static final int WIDTH = 80;

  /** A space at which no line is broken. */
  static final String JOINT = "\u00a0";

  private static final int LABEL_WIDTH = 8;

  private final StringBuilder text = new StringBuilder();
  private final Style style;

  TextLayout(Style style) {
    this.style = style;
  }

  Style style() {
    return style;
  }

  /** Returns the columns that a line may take. */
  int width() {
    return style.width();
  }

  TextLayout line(String line) {
    text.append(line).append('\n');
    return this;
  }

  /** Adds a sentence behind a mark. */
  TextLayout headline(String mark, String words) {
    return hanging(mark + " ", LineWrapping.lines(clean(words), width() - 2), "  ");
  }

  /** Adds a label and text beside it. */
  TextLayout labelled(String label, String words) {
    String column = style.label(label) + " ".repeat(LABEL_WIDTH - label.length());
    return hanging(
        column, LineWrapping.lines(clean(words), width() - LABEL_WIDTH), " ".repeat(LABEL_WIDTH));
  }

  /** Adds list items beside one label. */
  TextLayout listed(String label, List<String> points) {
    String name = label;
    for (String point : points) {
      String column = style.label(name) + " ".repeat(LABEL_WIDTH - name.length()) + "- ";
      List<String> lines = LineWrapping.lines(clean(point), width() - LABEL_WIDTH - 2);
      hanging(column, lines, " ".repeat(LABEL_WIDTH + 2));
      name = "";
    }
    return this;
  }

  TextLayout indented(int columns, String words) {
    String indent = " ".repeat(columns);
    return hanging(indent, LineWrapping.lines(clean(words), width() - columns), indent);
  }

  /** Adds a command on one line, so that it can be copied. */
  TextLayout command(String command) {
    return line("  " + style.command(clean(command)));
  }

  TextLayout hanging(String first, List<String> lines, String rest) {
    String indent = first;
    for (String line : lines) {
      line((indent + line).replace(JOINT, " ").stripTrailing());
      indent = rest;
    }
    return this;
  }

  /** Replaces control characters: names come from foreign processes and packets. */
  static String clean(String text) {
    return text.replaceAll("[\\p{Cc}&&[^\n]]", "?");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
