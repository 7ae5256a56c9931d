package io.vethtrace.cli.lab;

import java.util.Map;
import java.util.Optional;

/**
 * A network situation that can be made on any host, and the finding that is correct for it.
 *
 * @param story the lesson in it
 * @param topology the network that it is made in, unless {@code make} makes all of it
 * @param namespaces the number of network namespaces: $NS, $NS2, …
 * @param needs a shell command that succeeds if the kernel has what the fault is made with
 * @param make a POSIX shell script, run under {@code set -eu}: the topology's and the fault's own
 * @param traffic a shell command that succeeds if nothing is wrong
 * @param then the finding after the first fix, where a second fault is behind the first
 * @param curable true if the commands of the fix make the traffic succeed
 */
public record Fault(
    String name,
    String title,
    String story,
    Optional<Topology> topology,
    int namespaces,
    Optional<String> needs,
    String make,
    String traffic,
    ExpectedFinding expect,
    Optional<ExpectedFinding> then,
    boolean curable) {

  /** Returns the reason why this kernel cannot make the fault; empty if it can. */
  public Optional<String> missingSupport() {
    return needs
        .map(command -> ShellScript.run(command, Map.of()))
        .filter(result -> !result.succeeded())
        .map(result ->
            result.lastLine().isEmpty() ? "'%s' fails".formatted(needs.get()) : result.lastLine());
  }

  String topologyName() {
    return topology.map(Topology::name).orElse("");
  }
}
