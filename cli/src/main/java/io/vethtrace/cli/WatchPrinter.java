package io.vethtrace.cli;

import io.vethtrace.cli.print.MessageJson;
import io.vethtrace.cli.print.WatchText;
import io.vethtrace.v1.Event;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Journey;
import io.vethtrace.v1.Lost;
import io.vethtrace.v1.WatchResponse;
import java.io.PrintStream;
import java.util.function.Predicate;

/** Prints batches of the stream. It asks for no more once nobody reads standard output. */
final class WatchPrinter implements Predicate<WatchResponse> {
  private final Console console;
  private final PrintStream out;
  private final boolean json;
  private final StartNotice startNotice;

  /**
   * Makes a printer.
   *
   * @param startNotice the text of a {@link StartNotice}
   */
  WatchPrinter(Console console, boolean json, String startNotice) {
    this.startNotice = new StartNotice(console, json, startNotice);
    this.console = console;
    this.out = console.out();
    this.json = json;
  }

  @Override
  public boolean test(WatchResponse batch) {
    startNotice.printOnce();
    print(batch);
    return !out.checkError();
  }

  void print(WatchResponse batch) {
    batch.getEventsList().forEach(this::print);
    batch.getJourneysList().forEach(this::print);
    batch.getFindingsList().forEach(this::print);
    if (batch.hasLost()) {
      print(batch.getLost());
    }
  }

  private void print(Event event) {
    write(json ? MessageJson.of("event", event) + "\n" : WatchText.of(event, console.style()));
  }

  private void print(Journey journey) {
    write(
        json ? MessageJson.of("journey", journey) + "\n" : WatchText.of(journey, console.style()));
  }

  private void print(Finding finding) {
    write(
        json ? MessageJson.of("finding", finding) + "\n" : WatchText.of(finding, console.style()));
  }

  private void print(Lost lost) {
    write(json ? MessageJson.of("lost", lost) + "\n" : WatchText.of(lost, console.style()));
  }

  private void write(String text) {
    out.print(text);
  }
}
