package io.vethtrace.cli.lab;

/**
 * A situation that can be made anywhere, and what vethtrace has to say about it.
 *
 * @param story what one learns from it
 * @param namespaces how many network namespaces it needs: $NS, $NS2, …
 * @param make a POSIX shell script, run under {@code set -eu}
 * @param traffic a shell line whose success shows that nothing is wrong
 * @param curable whether the printed commands make the traffic succeed
 */
public record Fault(
    String name,
    String title,
    String story,
    int namespaces,
    String make,
    String traffic,
    Expectation expect,
    boolean curable) {}
