package io.vethtrace.cli;

import io.vethtrace.cli.option.DropGrouping;
import io.vethtrace.cli.print.DropStatsText;
import io.vethtrace.cli.print.DropText;
import io.vethtrace.cli.print.MessageJson;
import io.vethtrace.cli.print.TerminalWidth;
import io.vethtrace.cli.print.WatchText;
import io.vethtrace.v1.Drop;
import io.vethtrace.v1.WatchDropsResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Prints drops as they come, and their sums at the end. */
final class DropsPrinter implements Predicate<WatchDropsResponse> {
  /** The most distinct sums; a drop beyond them is shown and not summed. */
  private static final int SUMS_MAX = 10_000;

  private final Console console;
  private final boolean json;
  private final StartNotice startNotice;
  private final long maxDrops;
  private final DropText text;
  private long shown;
  private final Map<Drop, Long> sums = new HashMap<>();
  private boolean ended;

  /**
   * Makes a printer.
   *
   * @param startNotice the text of a {@link StartNotice}
   * @param maxDrops the number of drops after which it asks for no more; 0 for no limit
   */
  DropsPrinter(Console console, boolean json, String startNotice, long maxDrops) {
    this.console = console;
    this.json = json;
    this.startNotice = new StartNotice(console, json, startNotice);
    this.maxDrops = maxDrops;
    text = new DropText(console.style(), TerminalWidth.ofStdout());
  }

  @Override
  public synchronized boolean test(WatchDropsResponse batch) {
    if (ended) {
      return false;
    }
    startNotice.printOnce();
    batch.getDropsList().stream().limit(left()).forEach(this::print);
    if (batch.hasLost()) {
      console
          .out()
          .print(
              json
                  ? MessageJson.of("lost", batch.getLost()) + "\n"
                  : WatchText.of(batch.getLost(), console.style()));
    }
    return left() > 0 && !console.out().checkError();
  }

  private long left() {
    return maxDrops == 0 ? Long.MAX_VALUE : maxDrops - shown;
  }

  private void print(Drop drop) {
    shown++;
    console.out().print(json ? MessageJson.of("drop", drop) + "\n" : text.of(drop));
    Drop kind =
        Drop.newBuilder()
            .setReason(drop.getReason())
            .setInterface(drop.getInterface())
            .setNetns(drop.getNetns())
            .setPlace(drop.getPlace())
            .build();
    if (sums.size() < SUMS_MAX || sums.containsKey(kind)) {
      sums.merge(kind, 1L, Long::sum);
    }
  }

  /** Prints the sums of the drops that were shown, if people read them. */
  synchronized void printSums(List<DropGrouping> by) {
    ended = true;
    if (!json && !sums.isEmpty()) {
      console
          .out()
          .print(
              "\n"
                  + DropStatsText.of(
                      sums,
                      by.stream().map(DropGrouping::dimension).toList(),
                      console.style(),
                      TerminalWidth.ofStdout()));
    }
  }
}
