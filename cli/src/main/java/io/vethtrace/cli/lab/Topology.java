package io.vethtrace.cli.lab;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A healthy network that faults are made in: namespaces, devices, addresses and routes.
 *
 * @param drawing the network in ASCII
 * @param namespaces the number of network namespaces: $NS, $NS2, …
 * @param parameters the variables that a fault may set, each with its default; a fault has to set
 *     one that has none
 * @param make a POSIX shell script, run under {@code set -eu}
 */
public record Topology(
    String name,
    String title,
    String description,
    String drawing,
    int namespaces,
    Map<String, Optional<String>> parameters,
    String make) {
  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:\\{([A-Z][A-Z0-9_]*)}|([A-Z][A-Z0-9_]*))");

  public Topology {
    parameters = Map.copyOf(parameters);
  }

  /** Returns the same network with these values, and with the defaults of all other parameters. */
  Topology with(YamlFields given) {
    given.names().stream()
        .filter(parameter -> !parameters.containsKey(parameter))
        .findFirst()
        .ifPresent(parameter -> {
          throw given.error(parameter, "topology %s has no such parameter".formatted(name));
        });
    Map<String, String> values = new HashMap<>();
    parameters.forEach((parameter, preset) ->
        values.put(
            parameter,
            given
                .optionalScalar(parameter)
                .or(() -> preset)
                .orElseThrow(() ->
                    given.error(parameter, "missing; topology %s needs it".formatted(name)))));
    return new Topology(
        name,
        title,
        description,
        expand(drawing, values),
        namespaces,
        parameters,
        expand(make, values));
  }

  /** Returns the text with the values in place of these variables; all others stay. */
  private static String expand(String text, Map<String, String> values) {
    return VARIABLE
        .matcher(text)
        .replaceAll(
            match -> Matcher.quoteReplacement(values.getOrDefault(variable(match), match.group())));
  }

  private static String variable(MatchResult match) {
    return match.group(1) == null ? match.group(2) : match.group(1);
  }
}
