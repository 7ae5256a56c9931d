package io.vethtrace.cli.print;

import io.vethtrace.v1.DropReason;
import java.util.List;

/** Text of {@code reasons}: number, name and explanation. */
public final class ReasonsText {
  /** The least width of explanations beside names; below it they get lines of their own. */
  private static final int LEAST_BESIDE = 30;

  private static final int WIDEST = 120;
  private static final int INDENT = 6;

  private ReasonsText() {}

  /**
   * Returns the list of reasons.
   *
   * @param width the columns of the terminal
   */
  public static String of(List<DropReason> reasons, Style style, int width) {
    TextLayout page = new TextLayout(style);
    int names = reasons.stream().mapToInt(reason -> name(reason).length()).max().orElse(0);
    int numbers = reasons.stream().mapToInt(reason -> number(reason).length()).max().orElse(0);
    int columns = Math.min(width, WIDEST);
    for (DropReason reason : reasons) {
      String left = ("%" + numbers + "s  %-" + names + "s").formatted(number(reason), name(reason));
      boolean beside = columns - left.length() - 2 >= LEAST_BESIDE;
      int indent = beside ? left.length() + 2 : INDENT;
      List<String> lines =
          LineWrapping.lines(
              TextLayout.clean(reason.getExplanation()), Math.max(1, columns - indent));
      String shown = shown(reason, left, style);
      if (beside) {
        page.hanging(shown + "  ", lines, " ".repeat(indent));
      } else {
        page.line(shown.stripTrailing()).hanging(" ".repeat(INDENT), lines, " ".repeat(INDENT));
      }
    }
    return page.toString();
  }

  private static String shown(DropReason reason, String left, Style style) {
    return reason.getIsDrop() ? style.label(left) : style.faint(left);
  }

  private static String number(DropReason reason) {
    return Integer.toUnsignedString(reason.getNumber());
  }

  static String name(DropReason reason) {
    boolean core = reason.getSubsystem().equals("CORE");
    return core ? reason.getName() : reason.getSubsystem() + ":" + reason.getName();
  }
}
