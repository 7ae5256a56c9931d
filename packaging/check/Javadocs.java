// SPDX-License-Identifier: Apache-2.0

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the Javadoc comments of a source file, and none in a string or in another comment. */
final class Javadocs {
  /** Strings and characters are listed so that what looks like a comment in them is passed over. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "\"\"\".*?(?<!\\\\)\"\"\"|\"(?:[^\"\\\\\\n]|\\\\.)*+\"|'(?:[^'\\\\\\n]|\\\\.)*+'|//[^\\n]*|/\\*.*?\\*/",
          Pattern.DOTALL);

  private static final int OPENING_LENGTH = 60;

  private Javadocs() {}

  /**
   * One Javadoc comment.
   *
   * @param line the line that it begins in
   * @param text its words, without the stars at the beginnings of lines
   */
  record Comment(int line, String text) {
    /** Returns the first words. */
    String opening() {
      String line = text.replaceAll("\\s+", " ");
      return line.length() <= OPENING_LENGTH ? line : line.substring(0, OPENING_LENGTH) + "…";
    }
  }

  static List<Comment> of(String source) {
    List<Comment> comments = new ArrayList<>();
    Matcher token = TOKEN.matcher(source);
    int line = 1;
    int counted = 0;
    while (token.find()) {
      String text = token.group();
      if (text.startsWith("/**") && text.length() > "/**/".length()) {
        line +=
            (int) source.substring(counted, token.start()).chars().filter(c -> c == '\n').count();
        counted = token.start();
        String inside = text.substring("/**".length(), text.length() - "*/".length());
        comments.add(new Comment(line, inside.replaceAll("(?m)^\\s*\\*", "").strip()));
      }
    }
    return comments;
  }
}
