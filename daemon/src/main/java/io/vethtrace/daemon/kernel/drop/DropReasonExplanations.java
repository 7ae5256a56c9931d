package io.vethtrace.daemon.kernel.drop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Explanations of drop reasons by name, read from {@code drop-reasons.txt}: one reason a line. */
public final class DropReasonExplanations {
  private static final String FILE = "drop-reasons.txt";
  private static final Map<String, String> SENTENCES = read();

  private DropReasonExplanations() {}

  /** One sentence; empty where there is none for this name. */
  public static Optional<String> of(String name) {
    return Optional.ofNullable(SENTENCES.get(name));
  }

  private static Map<String, String> read() {
    try (InputStream file =
            Objects.requireNonNull(DropReasonExplanations.class.getResourceAsStream(FILE), FILE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split(" +", 2))
          .collect(Collectors.toUnmodifiableMap(fields -> fields[0], fields -> fields[1]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
