package io.vethtrace.daemon.kernel.shell;

import java.util.regex.Pattern;

/** A value as one word of a shell command: names of namespaces and devices may hold nearly all. */
public final class ShellWord {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private ShellWord() {}

  /** As it is where the shell leaves it alone, else in single quotes. */
  public static String of(String value) {
    return PLAIN.matcher(value).matches() ? value : "'" + value.replace("'", "'\\''") + "'";
  }
}
