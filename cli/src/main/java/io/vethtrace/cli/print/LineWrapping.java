package io.vethtrace.cli.print;

import java.util.ArrayList;
import java.util.List;

/** Breaks text at spaces into lines of limited width. A longer word gets a line of its own. */
final class LineWrapping {
  private LineWrapping() {}

  static List<String> lines(String text, int width) {
    List<String> lines = new ArrayList<>();
    for (String paragraph : text.strip().split("\n", -1)) {
      lines.addAll(paragraph(paragraph, width));
    }
    return lines;
  }

  private static List<String> paragraph(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+", -1)) {
      if (!line.isEmpty() && length(line) + 1 + length(word) > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  static int length(CharSequence text) {
    return Character.codePointCount(text, 0, text.length());
  }
}
