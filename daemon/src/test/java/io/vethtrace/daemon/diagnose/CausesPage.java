package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The table of docs/causes.md, made of the descriptions that the rules give and of the lab's
 * faults.
 *
 * @param faults the names of the faults by the cause that they lead to
 */
record CausesPage(Map<String, Set<String>> faults) {
  private static final String ROW = "| `";

  /** Returns the page with its rows replaced; the text around the table stays. */
  List<String> in(List<String> page) {
    int first = 0;
    while (!page.get(first).startsWith(ROW)) {
      first++;
    }
    int end = first;
    while (page.get(end).startsWith(ROW)) {
      end++;
    }
    return Stream.of(page.subList(0, first), rows(), page.subList(end, page.size()))
        .flatMap(List::stream)
        .toList();
  }

  private List<String> rows() {
    return RuleOrder.ownedCauses().stream()
        .sorted(Comparator.comparing(DeclaredCause::cause))
        .map(this::row)
        .toList();
  }

  private String row(DeclaredCause owned) {
    String cause = owned.cause().name();
    String named =
        faults.getOrDefault(cause, Set.of()).stream()
            .map("`%s`"::formatted)
            .collect(Collectors.joining(", "));
    return "| `%s` | %s | %s | %s | %s |"
        .formatted(
            cause, owned.happens(), owned.recognised(), owned.fix(), named.isEmpty() ? "–" : named);
  }
}
