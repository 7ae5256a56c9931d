package io.vethtrace.cli.print;

import io.vethtrace.v1.Drop;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Set;

/**
 * One drop for people: when, why, where and which packet, on one line where that fits. What a
 * reason means is said when it comes first.
 */
public final class DropText {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
  private static final int INDENT = 14;

  private final Style style;
  private final int width;
  private final Set<String> explained = new HashSet<>();

  /** {@code width}: columns of the terminal. */
  public DropText(Style style, int width) {
    this.style = style;
    this.width = width;
  }

  /** With the newline behind it. */
  public String of(Drop drop) {
    Page page = new Page(style);
    String time = TIME.format(LocalTime.ofInstant(instant(drop), ZoneId.systemDefault()));
    String reason = Page.clean(drop.getReason().isEmpty() ? "no reason" : drop.getReason());
    String where = Page.clean(where(drop));
    String packet = Page.clean(drop.getPacket());
    String head = style.faint(time) + "  " + shown(drop, reason) + where;
    if (INDENT + Wrap.length(reason + where + packet) + 2 <= width) {
      page.line(head + "  " + packet);
    } else {
      page.line(head).line(" ".repeat(INDENT) + packet);
    }
    if (!drop.getExplanation().isEmpty() && explained.add(drop.getReason())) {
      Wrap.lines("(" + Page.clean(drop.getExplanation()) + ")", width - INDENT)
          .forEach(line -> page.line(style.faint(" ".repeat(INDENT) + line)));
    }
    return page.toString();
  }

  private String shown(Drop drop, String reason) {
    return drop.getHarmless() ? style.faint(reason) : style.bad(reason);
  }

  private static String where(Drop drop) {
    String place = drop.getPlace().isEmpty() ? "" : " in " + drop.getPlace();
    String device = drop.getInterface().isEmpty() ? "" : " on " + drop.getInterface();
    String netns = drop.getNetns().isEmpty() ? "" : " (netns " + drop.getNetns() + ")";
    return place + device + netns;
  }

  private static Instant instant(Drop drop) {
    return Instant.EPOCH.plusNanos(drop.getUnixNs());
  }
}
