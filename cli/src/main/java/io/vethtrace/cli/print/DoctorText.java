package io.vethtrace.cli.print;

import io.vethtrace.v1.Check;
import io.vethtrace.v1.DoctorResponse;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Outlook;
import io.vethtrace.v1.Probe;
import io.vethtrace.v1.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Text of {@code doctor}: the verdict, the checks, the probe points and the causes. Sentences come
 * from the daemon. It should fit on a terminal of 40 lines.
 */
public final class DoctorText {
  private static final int COLUMN = 16;
  private static final int MAX_CAUSES = 5;

  private final TextLayout page;

  private DoctorText(Style style) {
    page = new TextLayout(style);
  }

  public static String of(DoctorResponse doctor, Style style) {
    DoctorText text = new DoctorText(style);
    text.verdict(doctor);
    doctor.getChecksList().forEach(text::check);
    text.probes(doctor.getProbesList());
    text.outlooks(doctor.getOutlooksList());
    return text.page.toString();
  }

  private int width() {
    return page.width() - COLUMN;
  }

  private void verdict(DoctorResponse doctor) {
    Style style = page.style();
    boolean limited =
        doctor.getChecksList().stream().anyMatch(check -> check.getState() != Check.State.OK);
    if (!doctor.getTracingPossible()) {
      page.headline(style.bad("✗"), "tracing is not possible here; ✗ marks what is missing");
    } else if (limited) {
      page.headline(style.warning("!"), "tracing works here, with limits");
    } else {
      page.headline(style.good("✓"), "tracing works here, without limits");
    }
  }

  /** Prints a check. The remedy gets a line of its own unless one line has room for both. */
  private void check(Check check) {
    String remedy = check.getRemedy().isEmpty() ? "" : "→ " + check.getRemedy();
    String both = (check.getFound() + " " + remedy).strip();
    boolean oneLine = LineWrapping.length(both) <= width();
    hanging(mark(check.getState()), check.getName(), oneLine ? both : check.getFound());
    if (!oneLine && !remedy.isEmpty()) {
      hanging(" ", "", remedy);
    }
  }

  private String mark(Check.State state) {
    return switch (state) {
      case OK -> page.style().good("✓");
      case LIMITED -> page.style().warning("!");
      case MISSING, STATE_UNSPECIFIED, UNRECOGNIZED -> page.style().bad("✗");
    };
  }

  private void hanging(String mark, String name, String words) {
    column(mark + " " + padded(TextLayout.clean(name), COLUMN - 2), words);
  }

  private void column(String left, String right) {
    page.hanging(left, LineWrapping.lines(TextLayout.clean(right), width()), " ".repeat(COLUMN));
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(1, width - LineWrapping.length(text)));
  }

  private void title(String left, String right) {
    page.line("").line(page.style().label(padded(left, COLUMN) + right));
  }

  private void probes(List<Probe> probes) {
    title("watched by", "probe points");
    grouped(probes, Probe::getMechanism, Probe::getName)
        .forEach((mechanism, points) -> column(mechanism(mechanism), String.join(", ", points)));
    attachFailures(probes);
  }

  private String mechanism(String mechanism) {
    String column = padded(TextLayout.clean(mechanism), COLUMN);
    return mechanism.equals("none") ? page.style().bad(column) : column;
  }

  /** Prints the attach failures. Most have the same few reasons, so each reason comes once. */
  private void attachFailures(List<Probe> probes) {
    Map<String, Map<String, List<String>>> pointsByWhy = new LinkedHashMap<>();
    for (Probe probe : probes) {
      for (Refusal refusal : probe.getRefusedList()) {
        pointsByWhy
            .computeIfAbsent(refusal.getWhy(), _ -> new LinkedHashMap<>())
            .computeIfAbsent(refusal.getMechanism(), _ -> new ArrayList<>())
            .add(probe.getName());
      }
    }
    pointsByWhy.forEach(
        (why, points) -> column(padded("not by", COLUMN), attachFailure(points, why)));
  }

  private static String attachFailure(Map<String, List<String>> points, String why) {
    String who =
        points.entrySet().stream()
            .map(e -> "%s (%s)".formatted(e.getKey(), String.join(", ", e.getValue())))
            .collect(Collectors.joining(", "));
    return who + ": " + why;
  }

  private static <T> Map<String, List<String>> grouped(
      List<T> items, Function<T, String> key, Function<T, String> value) {
    return items.stream()
        .collect(
            Collectors.groupingBy(
                key, LinkedHashMap::new, Collectors.mapping(value, Collectors.toList())));
  }

  private void outlooks(List<Outlook> outlooks) {
    title("will be", "causes, and the evidence for them");
    outlooks.forEach(this::outlook);
  }

  private void outlook(Outlook outlook) {
    column(
        confidence(outlook.getConfidence()),
        "%s: %s".formatted(causes(outlook.getCausesList()), outlook.getWhy()));
  }

  /** Names the first causes. A screen has no room for all, which JSON and docs/causes.md have. */
  private static String causes(List<Finding.Cause> causes) {
    boolean tooMany = causes.size() > MAX_CAUSES;
    String named =
        causes.stream()
            .limit(tooMany ? MAX_CAUSES - 1 : MAX_CAUSES)
            .map(Enum::name)
            .collect(Collectors.joining(", "));
    return tooMany ? "%s and %d more".formatted(named, causes.size() - MAX_CAUSES + 1) : named;
  }

  private String confidence(Finding.Confidence confidence) {
    Style style = page.style();
    return switch (confidence) {
      case OBSERVED -> style.good(padded("OBSERVED", COLUMN));
      case INFERRED -> style.warning(padded("INFERRED", COLUMN));
      case CONFIDENCE_UNSPECIFIED, UNRECOGNIZED -> style.bad(padded("not found", COLUMN));
    };
  }
}
