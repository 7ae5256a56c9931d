package io.vethtrace.cli.lab;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A table in Markdown of the results of all faults on all kernels. */
public final class ResultTable {
  private final List<KernelResults> columns;

  private ResultTable(List<KernelResults> columns) {
    this.columns = columns;
  }

  /** Reads one column from each file. */
  public static ResultTable of(List<Path> files) {
    return new ResultTable(files.stream().map(KernelResults::read).toList());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    row(text, "", KernelResults::kernel);
    row(text, "---", _ -> "---");
    row(text, "causes named", c -> share(c, cell -> !cell.healthy(), KernelResults.Cell::named));
    row(
        text,
        "of these, cured",
        c -> share(c, ResultTable::isToBeCured, KernelResults.Cell::cured));
    row(
        text,
        "healthy twins quiet",
        c -> share(c, KernelResults.Cell::healthy, KernelResults.Cell::named));
    row(text, "came to its end", c -> c.complete() ? "yes" : "**no: what is missing failed**");
    text.append('\n');
    row(text, "fault", KernelResults::kernel);
    row(text, "---", _ -> "---");
    faults().forEach(fault -> row(text, "`" + fault + "`", column -> cell(column, fault)));
    return text.toString();
  }

  private static boolean isToBeCured(KernelResults.Cell cell) {
    return !cell.healthy() && cell.named() && cell.curable();
  }

  private SortedSet<String> faults() {
    return columns.stream()
        .flatMap(column -> column.cells().keySet().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String cell(KernelResults column, String fault) {
    KernelResults.Cell cell = column.cells().get(fault);
    if (cell != null) {
      return cell.text();
    }
    return column.complete() ? "–" : "**no result**";
  }

  private static String share(
      KernelResults column,
      Predicate<KernelResults.Cell> which,
      Predicate<KernelResults.Cell> good) {
    Collection<KernelResults.Cell> cells = column.cells().values().stream().filter(which).toList();
    long right = cells.stream().filter(good).count();
    return cells.isEmpty()
        ? "–"
        : "%d of %d (%.1f %%)".formatted(right, cells.size(), 100.0 * right / cells.size());
  }

  private void row(StringBuilder text, String first, Function<KernelResults, String> cell) {
    text.append("| ").append(first).append(" |");
    columns.forEach(column -> text.append(' ').append(cell.apply(column)).append(" |"));
    text.append('\n');
  }
}
