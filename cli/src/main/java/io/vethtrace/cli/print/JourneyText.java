package io.vethtrace.cli.print;

import io.vethtrace.v1.Event;
import io.vethtrace.v1.Hop;
import io.vethtrace.v1.Journey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Text of a journey: one line for each hop as evidence, or one paragraph as an overview. */
final class JourneyText {
  /** The most hops of a finding, which should fit on a screen of 24 lines. */
  private static final int MAX_ROWS = 6;

  private static final int FIRST_ROWS = 2;

  private final TextLayout page;

  JourneyText(TextLayout page) {
    this.page = page;
  }

  void hops(Journey journey) {
    Columns columns = Columns.of(journey);
    List<Hop> rows = rows(journey.getHopsList());
    int left = rows.size() <= MAX_ROWS ? 0 : rows.size() - MAX_ROWS + 1;
    String netns = "";
    for (int i = 0; i < rows.size(); i++) {
      Hop hop = rows.get(i);
      if (left == 0 || i < FIRST_ROWS || i >= FIRST_ROWS + left) {
        columns.print(hop, netns, page);
      } else if (i == FIRST_ROWS) {
        note(columns, "… %d more; -o json has them all".formatted(left));
      }
      netns = HopText.netns(hop).isEmpty() ? netns : HopText.netns(hop);
    }
    if (journey.getEnd() == Journey.End.OUT_OF_SIGHT) {
      note(columns, "not seen any more");
    }
  }

  private void note(Columns columns, String text) {
    page.line(page.style().faint(" ".repeat(columns.hook) + text));
  }

  /** Leaves out the second of two hops of one device, unless the journey ends there. */
  private static List<Hop> rows(List<Hop> hops) {
    List<Hop> rows = new ArrayList<>();
    for (int i = 0; i < hops.size(); i++) {
      boolean isLast = i == hops.size() - 1;
      if (isLast || i == 0 || !isHandedUp(hops.get(i - 1), hops.get(i))) {
        rows.add(hops.get(i));
      }
    }
    return rows;
  }

  /** Returns true for the second of the two hops that a device makes of a received packet. */
  private static boolean isHandedUp(Hop before, Hop hop) {
    return before.getHook().equals("netif_rx")
        && hop.getHook().equals("netif_receive_skb")
        && before.getInterface().equals(hop.getInterface())
        && before.getNetnsInode() == hop.getNetnsInode();
  }

  /** The columns of the lines of one journey. */
  private record Columns(int time, int hook, int hookWidth, int interfaceWidth) {
    static Columns of(Journey journey) {
      int time = 0;
      int hookWidth = 0;
      int interfaceWidth = 0;
      for (Hop hop : journey.getHopsList()) {
        time = Math.max(time, LineWrapping.length(HopText.time(hop)));
        hookWidth = Math.max(hookWidth, hop.getHook().length());
        interfaceWidth = Math.max(interfaceWidth, hop.getInterface().length());
      }
      return new Columns(time, time + 4, hookWidth, interfaceWidth);
    }

    void print(Hop hop, String netnsBefore, TextLayout page) {
      String time =
          " ".repeat(this.time - LineWrapping.length(HopText.time(hop))) + HopText.time(hop);
      String names =
          ("%-" + hookWidth + "s  %-" + Math.max(1, interfaceWidth) + "s  ")
              .formatted(hop.getHook(), hop.getInterface());
      String start = "  " + page.style().faint(time) + "  " + TextLayout.clean(names);
      int indent = hook + names.length();
      List<String> detail = LineWrapping.lines(detail(hop, netnsBefore), page.width() - indent);
      page.hanging(start, detail, " ".repeat(indent));
    }

    private static String detail(Hop hop, String netnsBefore) {
      List<String> words = new ArrayList<>();
      String netns = HopText.netns(hop);
      if (!netns.isEmpty() && !netns.equals(netnsBefore)) {
        words.add("(netns " + netns + ")");
      }
      words.add(HopText.result(hop));
      words.removeIf(String::isEmpty);
      return TextLayout.clean(String.join("\n", words));
    }
  }

  /** Prints one event with its packet; {@code when} is as in {@link #compact}. */
  void event(Event event, String when) {
    page.indented(0, (when + " " + event.getPacket()).strip());
    steps(List.of(event.getHop()), 2);
  }

  /**
   * Prints a journey in one paragraph.
   *
   * @param when the time at the beginning of the first line, or nothing
   */
  void compact(Journey journey, int indent, String when) {
    String packet = "%s (%s)".formatted(journey.getPacket(), end(journey));
    page.indented(indent, (when + " " + packet).strip());
    steps(journey.getHopsList(), indent + 2);
  }

  private void steps(List<Hop> hops, int indent) {
    List<String> steps = new ArrayList<>();
    String interfaceBefore = "";
    String netnsBefore = "";
    for (Hop hop : hops) {
      List<String> words = new ArrayList<>();
      if (!HopText.netns(hop).equals(netnsBefore)) {
        netnsBefore = HopText.netns(hop);
        words.add("[" + netnsBefore + "]");
      }
      if (!hop.getInterface().equals(interfaceBefore)) {
        interfaceBefore = hop.getInterface();
        words.add(interfaceBefore);
      }
      words.add(hop.getHook());
      words.add(HopText.result(hop));
      words.add(hop.getSinceFirstNs() == 0 ? "" : HopText.time(hop));
      words.removeIf(String::isEmpty);
      steps.add(String.join(TextLayout.JOINT, words).replace(" ", TextLayout.JOINT));
    }
    page.indented(indent, String.join(" → ", steps));
  }

  private static String end(Journey journey) {
    return switch (journey.getEnd()) {
      case CONSUMED, DROPPED, FREED -> journey.getEnd().name().toLowerCase(Locale.ROOT);
      case OUT_OF_SIGHT -> "not seen any more";
      case END_UNSPECIFIED, UNRECOGNIZED -> "end unknown";
    };
  }
}
