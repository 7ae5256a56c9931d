package io.vethtrace.cli.print;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A table whose columns are as wide as their cells. If it is wider than the terminal, the widest
 * cells are cut with an ellipsis, down to {@link #LEAST} columns.
 */
final class TextTable {
  private static final int LEAST = 8;
  private static final String GAP = "  ";

  private final List<String> titles;
  private final int numbers;
  private final List<Row> rows = new ArrayList<>();

  private record Row(List<String> cells, UnaryOperator<String> style) {}

  /**
   * Makes a table.
   *
   * @param numbers the number of leading columns that are right-aligned
   */
  TextTable(int numbers, String... titles) {
    this.numbers = numbers;
    this.titles = List.of(titles);
  }

  /** Adds a row; {@code style} applies to all of it. */
  void row(UnaryOperator<String> style, String... cells) {
    List<String> clean = new ArrayList<>();
    for (String cell : cells) {
      clean.add(TextLayout.clean(cell));
    }
    rows.add(new Row(clean, style));
  }

  String text(Style style, int width) {
    int[] widths = fitting(width);
    StringBuilder text = new StringBuilder();
    text.append(style.label(line(titles, widths))).append('\n');
    for (Row row : rows) {
      text.append(row.style.apply(line(row.cells, widths))).append('\n');
    }
    return text.toString();
  }

  private int[] fitting(int width) {
    int[] widths = new int[titles.size()];
    long all = (long) GAP.length() * (widths.length - 1);
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] =
          Math.max(
              LineWrapping.length(titles.get(i)),
              rows.stream()
                  .mapToInt(row -> LineWrapping.length(row.cells.get(column)))
                  .max()
                  .orElse(0));
      all += widths[i];
    }
    for (int widest = widest(widths); all > width && widths[widest] > LEAST; all--) {
      widths[widest]--;
      widest = widest(widths);
    }
    return widths;
  }

  private int widest(int[] widths) {
    int widest = widths.length - 1;
    for (int i = numbers; i < widths.length; i++) {
      widest = widths[i] > widths[widest] ? i : widest;
    }
    return widest;
  }

  private String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cut(cells.get(i), widths[i]);
      String pad = " ".repeat(widths[i] - LineWrapping.length(cell));
      line.append(i == 0 ? "" : GAP).append(i < numbers ? pad + cell : cell + pad);
    }
    return line.toString().stripTrailing();
  }

  private static String cut(String cell, int width) {
    return LineWrapping.length(cell) <= width
        ? cell
        : cell.substring(0, cell.offsetByCodePoints(0, width - 1)) + "…";
  }
}
