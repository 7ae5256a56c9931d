package io.vethtrace.cli.option;

import io.vethtrace.cli.exit.Failure;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Environment variables, which take the place of options that are not given. */
public final class EnvironmentVariables {
  private EnvironmentVariables() {}

  /** Returns the value of a variable; empty if it is unset or empty. */
  public static Optional<String> text(String variable) {
    return Optional.ofNullable(System.getenv(variable)).filter(text -> !text.isEmpty());
  }

  /** Returns the constant of {@code type} that a variable names, in upper or lower case. */
  public static <E extends Enum<E>> Optional<E> choice(String variable, Class<E> type) {
    return text(variable).map(text -> choice(variable, text, type));
  }

  /** Returns the constant of {@code type} that {@code text} names, in upper or lower case. */
  public static <E extends Enum<E>> E choice(String variable, String text, Class<E> type) {
    E[] choices = type.getEnumConstants();
    return Arrays.stream(choices)
        .filter(choice -> choice.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(() ->
            Failure.usage("%s is '%s'; set it to %s".formatted(variable, text, words(choices))));
  }

  private static String words(Enum<?>[] choices) {
    return Arrays.stream(choices)
        .map(choice -> choice.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(" or "));
  }
}
