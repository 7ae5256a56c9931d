package io.vethtrace.cli.print;

import io.vethtrace.v1.Drop;
import java.util.HashSet;
import java.util.Set;

/**
 * One drop for people: time, reason, location, device and packet, on one line if they fit. The
 * first drop of each reason is followed by the meaning of the reason.
 */
public final class DropText {
  private final Style style;
  private final int width;
  private final Set<String> explained = new HashSet<>();

  /**
   * Makes a printer of drops.
   *
   * @param width the columns of the terminal
   */
  public DropText(Style style, int width) {
    this.style = style;
    this.width = width;
  }

  /** Returns the text of a drop, with its newline. */
  public String of(Drop drop) {
    TextLayout page = new TextLayout(style);
    String time = style.times().of(drop.getUnixNs());
    int indent = LineWrapping.length(time) + 2;
    String reason = TextLayout.clean(drop.getReason().isEmpty() ? "no reason" : drop.getReason());
    String where = TextLayout.clean(where(drop));
    String packet = TextLayout.clean(drop.getPacket());
    String head = style.faint(time) + "  " + shown(drop, reason);
    int length = indent + LineWrapping.length(reason + where);
    if (length + 2 + LineWrapping.length(packet) <= width) {
      page.line(head + where + "  " + packet);
    } else {
      page.line(length <= width ? head + where : head);
      String rest = length <= width ? packet : where.strip() + "\n" + packet;
      LineWrapping.lines(rest, width - indent)
          .forEach(line -> page.line(" ".repeat(indent) + line));
    }
    if (!drop.getExplanation().isEmpty() && explained.add(drop.getReason())) {
      LineWrapping.lines("(" + TextLayout.clean(drop.getExplanation()) + ")", width - indent)
          .forEach(line -> page.line(style.faint(" ".repeat(indent) + line)));
    }
    return page.toString();
  }

  private String shown(Drop drop, String reason) {
    return drop.getHarmless() ? style.faint(reason) : style.bad(reason);
  }

  private static String where(Drop drop) {
    String location = drop.getPlace().isEmpty() ? "" : " in " + drop.getPlace();
    String device = drop.getInterface().isEmpty() ? "" : " on " + drop.getInterface();
    String netns = drop.getNetns().isEmpty() ? "" : " (netns " + drop.getNetns() + ")";
    return location + device + netns;
  }
}
