package io.vethtrace.cli.investigate;

import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds {@code ip netns exec NAME} in a command line, also inside a script of a shell. A process
 * can enter a namespace, send a packet and end between two looks at it. Its command line is known
 * before.
 */
final class NetnsExecTargets {
  private static final Pattern NETNS_EXEC =
      Pattern.compile("\\bip\\b[^;&|\\n]*?\\bnetns exec ['\"]?([^\\s'\"$;]+)");

  private NetnsExecTargets() {}

  /** Returns the inodes of the namespaces that a command line enters. */
  static Set<Long> inodes(List<String> argv) {
    return NETNS_EXEC
        .matcher(String.join(" ", argv))
        .results()
        .map(MatchResult::group)
        .map(match -> NETNS_EXEC.matcher(match).replaceFirst("$1"))
        .flatMap(name -> ProcFile.namedNetnsInode(name).stream())
        .collect(Collectors.toSet());
  }

  /** Returns true if the process is ip itself, which sends nothing before it has moved. */
  static boolean isIpCommand(List<String> argv) {
    return !argv.isEmpty() && argv.getFirst().matches("(.*/)?ip");
  }
}
