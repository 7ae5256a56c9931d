package io.vethtrace.cli.lab;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** All faults against all kernels, in Markdown. */
public final class LabTable {
  private final List<LabColumn> columns;

  private LabTable(List<LabColumn> columns) {
    this.columns = columns;
  }

  /** One column a file. */
  public static LabTable of(List<Path> files) {
    return new LabTable(files.stream().map(LabColumn::read).toList());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    row(text, "", LabColumn::kernel);
    row(text, "---", _ -> "---");
    row(text, "causes named", c -> share(c, cell -> !cell.healthy(), LabColumn.Cell::named));
    row(text, "of these, cured", c -> share(c, LabTable::isToBeCured, LabColumn.Cell::cured));
    row(text, "healthy twins quiet", c -> share(c, LabColumn.Cell::healthy, LabColumn.Cell::named));
    row(text, "came to its end", c -> c.ended() ? "yes" : "**no: what is missing failed**");
    text.append('\n');
    row(text, "fault", LabColumn::kernel);
    row(text, "---", _ -> "---");
    faults().forEach(fault -> row(text, "`" + fault + "`", column -> cell(column, fault)));
    return text.toString();
  }

  private static boolean isToBeCured(LabColumn.Cell cell) {
    return !cell.healthy() && cell.named() && cell.curable();
  }

  private SortedSet<String> faults() {
    return columns.stream()
        .flatMap(column -> column.cells().keySet().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String cell(LabColumn column, String fault) {
    LabColumn.Cell cell = column.cells().get(fault);
    if (cell != null) {
      return cell.words();
    }
    return column.ended() ? "–" : "**no result**";
  }

  private static String share(
      LabColumn column, Predicate<LabColumn.Cell> which, Predicate<LabColumn.Cell> good) {
    Collection<LabColumn.Cell> cells = column.cells().values().stream().filter(which).toList();
    long right = cells.stream().filter(good).count();
    return cells.isEmpty()
        ? "–"
        : "%d of %d (%.1f %%)".formatted(right, cells.size(), 100.0 * right / cells.size());
  }

  private void row(StringBuilder text, String first, Function<LabColumn, String> cell) {
    text.append("| ").append(first).append(" |");
    columns.forEach(column -> text.append(' ').append(cell.apply(column)).append(" |"));
    text.append('\n');
  }
}
