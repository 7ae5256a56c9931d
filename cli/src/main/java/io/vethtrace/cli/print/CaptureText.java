package io.vethtrace.cli.print;

import io.vethtrace.v1.CaptureFile;
import io.vethtrace.v1.CapturePair;
import io.vethtrace.v1.CapturePoint;
import io.vethtrace.v1.CaptureReport;
import io.vethtrace.v1.CapturedDrops;
import io.vethtrace.v1.Finding;
import java.util.List;
import java.util.stream.Collectors;

/** Text of {@code explain} about captures: files, pairs of capture points, findings. */
public final class CaptureText {
  private static final int MAX_POINTS = 4;

  private final TextLayout page;

  private CaptureText(Style style) {
    page = new TextLayout(style);
  }

  public static String of(CaptureReport report, Style style) {
    CaptureText text = new CaptureText(style);
    text.files(report.getFilesList());
    report.getPairsList().forEach(text::pair);
    report.getLimitsList().forEach(text::limit);
    text.findings(report);
    return text.page.toString();
  }

  private void files(List<CaptureFile> files) {
    for (CaptureFile file : files) {
      page.headline(page.style().faint("─"), "%s: %s".formatted(file.getPath(), frames(file)));
      file.getPointsList().stream()
          .limit(MAX_POINTS)
          .filter(point -> point.getFrames() > 0)
          .forEach(this::point);
      file.getDropsList().forEach(this::drops);
    }
  }

  /** Counts frames as vethtrace capture does, apart from the drops that it added. */
  private static String frames(CaptureFile file) {
    long added = file.getDropsList().stream().mapToLong(CapturedDrops::getPackets).sum();
    String frames = count(file.getFrames() - added, "frame");
    return added == 0 ? frames : frames + ", and " + count(added, "drop") + " added as frames";
  }

  private void drops(CapturedDrops drops) {
    page.indented(
        2,
        "%s that no interface saw: %s"
            .formatted(count(drops.getPackets(), "packet"), drops.getWhat()));
  }

  private static String count(long count, String what) {
    return "%d %s%s".formatted(count, what, count == 1 ? "" : "s");
  }

  private void point(CapturePoint point) {
    String guess = point.getInterfaceIsGuessed() ? " (by the file's name)" : "";
    String what = point.getDescription().isEmpty() ? "" : ", " + point.getDescription();
    page.indented(2, "on %s%s%s%s".formatted(point.getInterface(), guess, what, time(point)));
  }

  private String time(CapturePoint point) {
    return point.getFirstUnixNs() == 0
        ? ""
        : ", " + page.style().times().span(point.getFirstUnixNs(), point.getLastUnixNs());
  }

  private void pair(CapturePair pair) {
    new CapturePairText(page).print(pair);
  }

  private void limit(String limit) {
    page.headline(page.style().warning("!"), limit);
  }

  private void findings(CaptureReport report) {
    for (Finding finding : report.getFindingsList()) {
      page.line("");
      new FindingText(page).print(finding);
    }
    if (report.getFindingsCount() > 0) {
      return;
    }
    long frames = report.getFilesList().stream().mapToLong(CaptureFile::getFrames).sum();
    if (report.getLimitsCount() > 0) {
      page.headline(page.style().warning("?"), "no fault was seen in the part that could be read.");
    } else if (frames == 0) {
      page.headline(
          page.style().good("✓"), "nothing wrong was seen, but the captures have no frames.");
    } else {
      page.headline(page.style().good("✓"), "nothing wrong: every request in them was answered.");
    }
  }

  /** Returns the frames of a finding: "a.pcap 1 to 15, 17; b.pcap 3". */
  static String numbers(Finding finding) {
    return finding.getFramesList().stream()
        .collect(
            Collectors.groupingBy(
                frame -> frame.getFile(),
                java.util.LinkedHashMap::new,
                Collectors.mapping(frame -> frame.getNumber(), Collectors.toList())))
        .entrySet()
        .stream()
        .map(e -> e.getKey() + " " + NumberRanges.of(e.getValue()))
        .collect(Collectors.joining("; "));
  }
}
