package io.vethtrace.daemon.kernel.shell;

import java.util.regex.Pattern;

/** A value as one word of a shell command: names of namespaces and devices may hold nearly all. */
public final class ShellWord {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private ShellWord() {}

  /** Returns the value unchanged if the shell leaves it alone, otherwise in single quotes. */
  public static String of(String value) {
    return PLAIN.matcher(value).matches() ? value : "'" + value.replace("'", "'\\''") + "'";
  }
}
