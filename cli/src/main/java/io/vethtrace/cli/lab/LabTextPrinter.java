package io.vethtrace.cli.lab;

import io.vethtrace.cli.print.LabLayout;
import io.vethtrace.cli.print.ReportText;
import io.vethtrace.cli.print.ShellWords;
import io.vethtrace.cli.print.Style;
import io.vethtrace.v1.WhyReport;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Prints a run as text: the commands that make the fault, the report, and the fix. */
public final class LabTextPrinter implements FaultRunListener {
  private final PrintStream out;
  private final Style style;

  public LabTextPrinter(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  /** Returns one line for each fault. */
  public static String list(List<Fault> faults, Style style) {
    LabLayout page = new LabLayout(style);
    for (Fault fault : faults) {
      page.entry(fault.name(), fault.title());
    }
    return page.toString();
  }

  /** Returns all commands that make a fault. */
  public static String show(Fault fault, Style style) {
    LabLayout page = new LabLayout(style).title(fault.name(), fault.title()).story(fault.story());
    fault.topology().ifPresent(topology -> draw(topology, page));
    page.section(
        "make it (%d network namespace%s)"
            .formatted(fault.namespaces(), fault.namespaces() == 1 ? "" : "s"));
    fault.make().lines().forEach(page::command);
    page.section("then").command(fault.traffic());
    page.section("expected: " + fault.expect().causeName());
    return page.toString();
  }

  private static void draw(Topology topology, LabLayout page) {
    page.section("topology %s: %s".formatted(topology.name(), topology.title()));
    topology.drawing().lines().forEach(page::command);
  }

  @Override
  public void begin(Fault fault, FaultVariables variables) {
    LabLayout page = new LabLayout(style).title(fault.name(), fault.title()).story(fault.story());
    page.section("making it");
    variables.netns().forEach(name -> page.command("$ ip netns add " + name));
    variables.expand(fault.make()).lines().forEach(line -> page.command("$ " + line));
    print(page);
  }

  @Override
  public void investigate(List<String> argv) {
    print(new LabLayout(style).section("$ vethtrace why -- " + ShellWords.join(argv)));
  }

  @Override
  public void report(WhyReport report) {
    out.print(ReportText.of(report, "", style));
    out.flush();
  }

  @Override
  public void fix(String command, int exitCode, String output) {
    LabLayout page = new LabLayout(style).section("curing it: $ " + command);
    output.lines().forEach(page::command);
    if (exitCode != 0) {
      page.command("(exit code %d)".formatted(exitCode));
    }
    print(page);
  }

  /** Returns the table of a finished run. */
  public static String summary(List<FaultResult> results, Style style) {
    LabLayout page = new LabLayout(style).section("results");
    page.row(true, "fault", "named", "cured", "false alarms", "confidence", "seconds");
    for (FaultResult result : results) {
      page.row(
          result.passed(),
          result.fault().name(),
          yes(result.named()),
          result.fault().curable() ? yes(result.cured()) : "-",
          String.valueOf(result.falseAlarms()),
          result.finding().map(f -> f.getConfidence().name().toLowerCase(Locale.ROOT)).orElse("-"),
          String.format(Locale.ROOT, "%.1f", result.duration().toMillis() / 1000.0));
      if (!result.named()) {
        page.note("expected %s, found %s".formatted(result.fault().expect(), result.causeName()));
      }
    }
    return page.toString();
  }

  private static String yes(boolean value) {
    return value ? "yes" : "NO";
  }

  private void print(LabLayout page) {
    out.print(page);
    out.flush();
  }
}
