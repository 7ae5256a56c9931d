package io.vethtrace.lab.metrics;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the selectors of a valid PromQL expression, and the context of each. */
final class PromQl {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\"(?:\\\\.|[^\"\\\\])*\"|\\$?[A-Za-z_:][A-Za-z0-9_:]*|[0-9.]+[a-z]*|[=!<>]=|[=!]~|\\S");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_:][A-Za-z0-9_:]*");
  private static final Set<String> BEFORE_LABELS =
      Set.of("by", "without", "on", "ignoring", "group_left", "group_right");
  private static final Set<String> WORDS =
      Set.of("and", "or", "unless", "bool", "offset", "atan2", "inf", "nan");

  /**
   * A selector: the series that a query reads.
   *
   * @param matchers the operator and value by the label's name, such as {@code =~"$job"}
   * @param range the text in the brackets behind it, or empty
   * @param function the function whose argument it is, or empty
   * @param isPresence true if the query only compares its presence with an earlier moment: it has
   *     an offset, or is the operand of {@code unless}
   */
  record Selector(
      String metric,
      Map<String, String> matchers,
      String range,
      String function,
      boolean isPresence) {}

  private final List<String> tokens;
  private final List<Selector> selectors = new ArrayList<>();
  private final Deque<String> calls = new ArrayDeque<>();
  private int at;

  private PromQl(String expr) {
    tokens = TOKEN.matcher(expr).results().map(match -> match.group()).toList();
  }

  static List<Selector> selectors(String expr) {
    PromQl reader = new PromQl(expr);
    while (reader.at < reader.tokens.size()) {
      reader.step();
    }
    return reader.selectors;
  }

  private String peek(int ahead) {
    return at + ahead < tokens.size() ? tokens.get(at + ahead) : "";
  }

  private void step() {
    String token = peek(0);
    if (token.equals("(")) {
      calls.push("");
    } else if (token.equals(")")) {
      calls.pop();
    } else if (token.equals("{") || isMetric(token)) {
      select(token);
      return;
    } else if (NAME.matcher(token).matches() && peek(1).equals("(")) {
      open(token);
    }
    at++;
  }

  private boolean isMetric(String token) {
    return NAME.matcher(token).matches()
        && !WORDS.contains(token)
        && !BEFORE_LABELS.contains(token)
        && !BEFORE_LABELS.contains(peek(1))
        && !peek(1).equals("(");
  }

  /** A call, or a list of labels behind {@code by} and the like, which the reader skips. */
  private void open(String name) {
    if (BEFORE_LABELS.contains(name)) {
      at += tokens.subList(at, tokens.size()).indexOf(")");
    } else if (!WORDS.contains(name)) {
      calls.push(name);
      at++;
    }
  }

  private void select(String token) {
    String metric = token.equals("{") ? "" : token;
    if (!metric.isEmpty()) {
      at++;
    }
    Map<String, String> matchers = peek(0).equals("{") ? matchers() : Map.of();
    String range = peek(0).equals("[") ? range() : "";
    boolean isPresence = peek(0).equals("offset") || peek(0).equals("unless");
    String function = calls.isEmpty() ? "" : calls.peek();
    selectors.add(new Selector(metric, matchers, range, function, isPresence));
  }

  private Map<String, String> matchers() {
    Map<String, String> matchers = new LinkedHashMap<>();
    at++;
    while (!peek(0).equals("}")) {
      matchers.merge(peek(0), peek(1) + peek(2), (first, next) -> first + next);
      at += peek(3).equals(",") ? 4 : 3;
    }
    at++;
    return matchers;
  }

  private String range() {
    int end = at + tokens.subList(at, tokens.size()).indexOf("]");
    String range = String.join("", tokens.subList(at + 1, end));
    at = end + 1;
    return range;
  }
}
