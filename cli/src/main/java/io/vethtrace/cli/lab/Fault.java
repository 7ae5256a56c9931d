package io.vethtrace.cli.lab;

import java.util.Map;
import java.util.Optional;

/**
 * A situation that can be made anywhere, and what vethtrace has to say about it.
 *
 * @param story what one learns from it
 * @param namespaces how many network namespaces it needs: $NS, $NS2, …
 * @param needs a shell line that succeeds where the kernel has what the fault is made with
 * @param make a POSIX shell script, run under {@code set -eu}
 * @param traffic a shell line whose success shows that nothing is wrong
 * @param then what is found once the first finding is cured, where two faults lie behind each other
 * @param curable whether the printed commands make the traffic succeed
 */
public record Fault(
    String name,
    String title,
    String story,
    int namespaces,
    Optional<String> needs,
    String make,
    String traffic,
    Expectation expect,
    Optional<Expectation> then,
    boolean curable) {

  /** What this kernel lacks for it, in the words of what was tried; empty where it can be made. */
  public Optional<String> lacking() {
    return needs
        .map(line -> Shell.run(line, Map.of()))
        .filter(result -> !result.succeeded())
        .map(result ->
            result.lastLine().isEmpty() ? "'%s' fails".formatted(needs.get()) : result.lastLine());
  }
}
