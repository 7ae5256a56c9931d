package io.vethtrace.cli.option;

import io.vethtrace.cli.exit.Failure;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The variables that stand for options which are not given. */
public final class EnvironmentVariables {
  private EnvironmentVariables() {}

  public static Optional<String> text(String variable) {
    return Optional.ofNullable(System.getenv(variable)).filter(text -> !text.isEmpty());
  }

  /** One of the names of {@code type}, in upper or lower case. */
  public static <E extends Enum<E>> Optional<E> choice(String variable, Class<E> type) {
    return text(variable).map(text -> choice(variable, text, type));
  }

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
