package io.vethtrace.cli.print;

import java.util.List;

/** Text of the lab: titles, paragraphs, commands and rows. */
public final class LabLayout {
  private final TextLayout page;

  public LabLayout(Style style) {
    page = new TextLayout(style);
  }

  public LabLayout title(String name, String title) {
    Style style = page.style();
    page.line("");
    page.hanging(
        style.label("━━ " + TextLayout.clean(name)) + "  ",
        LineWrapping.lines(TextLayout.clean(title), page.width() - LineWrapping.length(name) - 5),
        " ".repeat(LineWrapping.length(name) + 5));
    return this;
  }

  public LabLayout story(String story) {
    page.indented(0, story);
    return this;
  }

  public LabLayout section(String heading) {
    page.line("").line(page.style().label(TextLayout.clean(heading)));
    return this;
  }

  public LabLayout command(String command) {
    page.command(command);
    return this;
  }

  /** Adds a name in a column of its own and a title beside it. */
  public LabLayout entry(String name, String title) {
    List<String> lines = LineWrapping.lines(TextLayout.clean(title), page.width() - 28);
    String column = "%-28s".formatted(name);
    page.hanging(page.style().label(column), lines, " ".repeat(28));
    return this;
  }

  public LabLayout row(boolean good, String... cells) {
    String row = "%-30s %-6s %-6s %-13s %-11s %7s".formatted((Object[]) cells);
    page.line(good ? row : page.style().bad(row));
    return this;
  }

  public LabLayout note(String words) {
    page.indented(4, words);
    return this;
  }

  @Override
  public String toString() {
    return page.toString();
  }
}
