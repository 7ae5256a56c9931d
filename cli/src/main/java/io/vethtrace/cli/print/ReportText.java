package io.vethtrace.cli.print;

import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Journey;
import io.vethtrace.v1.WhyReport;
import java.util.HashSet;
import java.util.Set;

/** Text of {@code why} after the command has ended. */
public final class ReportText {
  /** The most journeys above a finding, which should all fit on one screen. */
  private static final int MAX_OTHERS = 6;

  private final TextLayout page;

  private ReportText(Style style) {
    page = new TextLayout(style);
  }

  /**
   * Returns the whole report.
   *
   * @param stopped the words after "it was" for a command that was stopped; empty if it ended by
   *     itself
   */
  public static String of(WhyReport report, String stopped, Style style) {
    ReportText text = new ReportText(style);
    text.print(report, stopped);
    return text.page.toString();
  }

  /** Returns the number of lines of a finding, which should fit on a screen of 24. */
  public static int height(Finding finding) {
    ReportText text = new ReportText(Style.PLAIN);
    new FindingText(text.page).print(finding);
    return (int) text.page.toString().lines().count();
  }

  private void print(WhyReport report, String stopped) {
    page.line("");
    page.headline(page.style().faint("─"), command(report.getCommand(), stopped));
    lost(report);
    if (report.getFindingsCount() > 0) {
      others(report);
    }
    for (Finding finding : report.getFindingsList()) {
      page.line("");
      new FindingText(page).print(finding);
    }
    if (report.getFindingsCount() == 0) {
      noFinding(report);
    }
  }

  private static String command(WhyReport.Command command, String stopped) {
    return "%s: exit code %d%s"
        .formatted(
            ShellWords.join(command.getArgvList()),
            command.getExitCode(),
            stopped.isEmpty() ? "" : ", it was " + stopped);
  }

  private void lost(WhyReport report) {
    if (report.getLostEvents() != 0) {
      page.headline(
          page.style().warning("!"),
          "%s events were lost while it ran: what follows may be incomplete."
              .formatted(Integer.toUnsignedString(report.getLostEvents())));
    }
  }

  private void noFinding(WhyReport report) {
    if (report.getLostEvents() != 0) {
      page.headline(page.style().warning("?"), "no fault was seen; the lost events may hide one.");
    } else {
      page.headline(page.style().good("✓"), verdict(report));
    }
    for (Journey journey : report.getJourneysList()) {
      new JourneyText(page).compact(journey, 2, "");
    }
  }

  /** Prints other packets above the findings, because the last lines are the commands to type. */
  private void others(WhyReport report) {
    Set<String> shown = new HashSet<>();
    report.getFindingsList().forEach(finding -> shown.add(finding.getJourney().getPacket()));
    report.getJourneysList().stream()
        .filter(journey -> shown.add(journey.getPacket()))
        .limit(MAX_OTHERS)
        .forEach(journey -> new JourneyText(page).compact(journey, 2, ""));
  }

  private static String verdict(WhyReport report) {
    int journeys = report.getJourneysCount();
    if (journeys == 0) {
      return "nothing wrong was seen, and no packet either: none of this command passed a veth or lo.";
    }
    return "nothing wrong: %d packet%s seen, none refused, dropped or left unanswered."
        .formatted(journeys, journeys == 1 ? "" : "s");
  }
}
