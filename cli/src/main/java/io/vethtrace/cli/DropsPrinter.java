package io.vethtrace.cli;

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

/** Prints drops as they come, and in the end their sums. */
final class DropsPrinter implements Predicate<WatchDropsResponse> {
  /** Distinct sums; what comes beyond is shown and not summed. */
  private static final int SUMS_MAX = 10_000;

  private final Console console;
  private final boolean json;
  private final StartNotice greeting;
  private final DropText text;
  private final Map<Drop, Long> sums = new HashMap<>();
  private boolean ended;

  /** {@code greeting}: what a {@link StartNotice} says. */
  DropsPrinter(Console console, boolean json, String greeting) {
    this.console = console;
    this.json = json;
    this.greeting = new StartNotice(console, json, greeting);
    text = new DropText(console.style(), TerminalWidth.ofStdout());
  }

  @Override
  public synchronized boolean test(WatchDropsResponse batch) {
    if (ended) {
      return false;
    }
    greeting.sayOnce();
    batch.getDropsList().forEach(this::print);
    if (batch.hasLost()) {
      console
          .out()
          .print(
              json
                  ? MessageJson.of("lost", batch.getLost()) + "\n"
                  : WatchText.of(batch.getLost(), console.style()));
    }
    return !console.out().checkError();
  }

  private void print(Drop drop) {
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

  /** What was shown, summed up, for people. */
  synchronized void end(List<DropsCommand.By> by) {
    ended = true;
    if (!json && !sums.isEmpty()) {
      console
          .out()
          .print(
              "\n"
                  + DropStatsText.of(
                      sums,
                      by.stream().map(DropsCommand.By::dimension).toList(),
                      console.style(),
                      TerminalWidth.ofStdout()));
    }
  }
}
