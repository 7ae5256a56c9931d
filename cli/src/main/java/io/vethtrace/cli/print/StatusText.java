package io.vethtrace.cli.print;

import io.vethtrace.v1.History;
import io.vethtrace.v1.Probe;
import io.vethtrace.v1.Refusal;
import io.vethtrace.v1.Selection;
import io.vethtrace.v1.Stage;
import io.vethtrace.v1.StatusResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Text of {@code status}: the probe points, then the stages that can lose events. */
public final class StatusText {
  private static final String ROW = "%-19s  %-16s %10s %10s %9s %8s";

  private final TextLayout page;

  private StatusText(Style style) {
    page = new TextLayout(style);
  }

  public static String of(StatusResponse status, Style style) {
    StatusText text = new StatusText(style);
    text.head(status);
    if (status.hasSelection()) {
      text.traceFilter(status.getSelection());
    }
    status.getHistoryList().forEach(text::history);
    text.probes(status.getProbesList());
    text.stages(status.getStagesList());
    return text.page.toString();
  }

  private void head(StatusResponse status) {
    page.indented(
        0,
        "vethtraced %s on Linux %s %s, up %s s, %d client%s, ring of %s KiB"
            .formatted(
                status.getVersion(),
                status.getKernel(),
                status.getMachine(),
                Long.toUnsignedString(status.getUptimeSeconds()),
                status.getClients(),
                status.getClients() == 1 ? "" : "s",
                Long.toUnsignedString(status.getRingBytes() / 1024)));
  }

  private void traceFilter(Selection selection) {
    List<String> parts = new ArrayList<>();
    if (!selection.getFilter().isEmpty()) {
      parts.add("packets that match '%s'".formatted(selection.getFilter()));
    }
    selection
        .getNetnsInodesList()
        .forEach(inode -> parts.add("in namespace " + Integer.toUnsignedString(inode)));
    selection.getInterfacesList().forEach(name -> parts.add("on " + name));
    page.indented(0, "the kernel side lets through only " + String.join(", ", parts));
  }

  private void history(History history) {
    page.indented(
        0,
        "history of %ss: %s, %s of %s KiB, %s discarded"
            .formatted(
                history.getKind(),
                Long.toUnsignedString(history.getItems()),
                Long.toUnsignedString(history.getBytes() / 1024),
                Long.toUnsignedString(history.getMaxBytes() / 1024),
                Long.toUnsignedString(history.getEvicted())));
  }

  private void probes(List<Probe> probes) {
    title("probe point", "mechanism", "hits");
    for (Probe probe : probes) {
      row(
          probe.getName(),
          probe.getMechanism(),
          List.of(probe.getHits(), probe.getDelivered(), probe.getFiltered(), probe.getLost()));
      for (Refusal refusal : probe.getRefusedList()) {
        page.indented(4, "no %s: %s".formatted(refusal.getMechanism(), refusal.getWhy()));
      }
    }
  }

  private void stages(List<Stage> stages) {
    title("stage", "", "produced");
    for (Stage stage : stages) {
      row(
          stage.getName(),
          rate(stage.getProducedPerSecond()),
          List.of(stage.getProduced(), stage.getDelivered(), stage.getFiltered(), stage.getLost()));
    }
  }

  private static String rate(double perSecond) {
    return perSecond == 0 ? "" : String.format(Locale.ROOT, "%.0f/s", perSecond);
  }

  private void title(String name, String mechanism, String count) {
    String row = ROW.formatted(name, mechanism, count, "delivered", "filtered", "lost");
    page.line("").line(page.style().label(row));
  }

  private void row(String name, String mechanism, List<Long> counts) {
    List<Object> cells =
        new ArrayList<>(List.of(TextLayout.clean(name), TextLayout.clean(mechanism)));
    counts.forEach(count -> cells.add(Long.toUnsignedString(count)));
    String row = ROW.formatted(cells.toArray());
    page.line(counts.getLast() == 0 ? row : page.style().warning(row));
  }
}
