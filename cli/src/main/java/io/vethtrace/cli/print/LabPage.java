package io.vethtrace.cli.print;

import java.util.List;

/** The lab's layout: titles, paragraphs, commands and rows. */
public final class LabPage {
  private final Page page;

  public LabPage(Style style) {
    page = new Page(style);
  }

  public LabPage title(String name, String title) {
    Style style = page.style();
    page.line("");
    page.hanging(
        style.label("━━ " + Page.clean(name)) + "  ",
        Wrap.lines(Page.clean(title), page.width() - Wrap.length(name) - 5),
        " ".repeat(Wrap.length(name) + 5));
    return this;
  }

  public LabPage story(String story) {
    page.indented(0, story);
    return this;
  }

  public LabPage section(String heading) {
    page.line("").line(page.style().label(Page.clean(heading)));
    return this;
  }

  public LabPage command(String command) {
    page.command(command);
    return this;
  }

  /** A name in a column, and what it is. */
  public LabPage entry(String name, String title) {
    List<String> lines = Wrap.lines(Page.clean(title), page.width() - 28);
    String column = "%-28s".formatted(name);
    page.hanging(page.style().label(column), lines, " ".repeat(28));
    return this;
  }

  public LabPage row(boolean good, String... cells) {
    String row = "%-30s %-6s %-6s %-13s %-11s %7s".formatted((Object[]) cells);
    page.line(good ? row : page.style().bad(row));
    return this;
  }

  public LabPage note(String words) {
    page.indented(4, words);
    return this;
  }

  @Override
  public String toString() {
    return page.toString();
  }
}
