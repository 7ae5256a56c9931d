package io.vethtrace.cli.print;

import io.vethtrace.v1.Event;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Journey;
import io.vethtrace.v1.Lost;

/** Text of {@code watch}: a block for each item. */
public final class WatchText {
  private WatchText() {}

  public static String of(Event event, Style style) {
    TextLayout page = new TextLayout(style);
    new JourneyText(page).event(event, style.times().of(event.getUnixNs()));
    return page.toString();
  }

  public static String of(Journey journey, Style style) {
    TextLayout page = new TextLayout(style);
    new JourneyText(page).compact(journey, 0, style.times().of(journey.getUnixNs()));
    return page.toString();
  }

  public static String of(Finding finding, Style style) {
    TextLayout page = new TextLayout(style);
    String when = style.times().of(finding.getUnixNs());
    if (!when.isEmpty()) {
      page.line(style.faint(when));
    }
    new FindingText(page).print(finding);
    return page.toString();
  }

  public static String of(Lost lost, Style style) {
    TextLayout page = new TextLayout(style);
    page.headline(
        style.warning("!"),
        "lost: %s in the kernel's ring, %s because this client reads too slowly"
            .formatted(
                Long.toUnsignedString(lost.getRing()), Long.toUnsignedString(lost.getClient())));
    return page.toString();
  }
}
