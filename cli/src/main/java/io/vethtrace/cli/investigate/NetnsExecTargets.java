package io.vethtrace.cli.investigate;

import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The namespaces that a command line says it will enter: {@code ip netns exec NAME}, also inside a
 * shell's script. A process can enter one, send a packet and end between two looks at it; what it
 * was told to do can be read before.
 */
final class NetnsExecTargets {
  private static final Pattern NETNS_EXEC =
      Pattern.compile("\\bip\\b[^;&|\\n]*?\\bnetns exec ['\"]?([^\\s'\"$;]+)");

  private NetnsExecTargets() {}

  static Set<Long> inodes(List<String> argv) {
    return NETNS_EXEC
        .matcher(String.join(" ", argv))
        .results()
        .map(MatchResult::group)
        .map(match -> NETNS_EXEC.matcher(match).replaceFirst("$1"))
        .flatMap(name -> ProcFile.namedNetnsInode(name).stream())
        .collect(Collectors.toSet());
  }

  /** Whether the process is ip itself, which does no work of its own before it has moved. */
  static boolean isMover(List<String> argv) {
    return !argv.isEmpty() && argv.getFirst().matches("(.*/)?ip");
  }
}
