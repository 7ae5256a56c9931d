package io.vethtrace.daemon.kernel.host;

import io.vethtrace.daemon.kernel.sysctl.SysctlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Settings and counters that all network namespaces share.
 *
 * @param netdevMaxBacklog net.core.netdev_max_backlog; empty outside the first namespace, which
 *     alone has it (net/core/sysctl_net_core.c)
 * @param backlogDrops by the order of the CPUs that are online: how many packets its backlog had no
 *     room for
 */
public record HostFacts(OptionalInt netdevMaxBacklog, List<Long> backlogDrops) {
  public static final HostFacts NONE = new HostFacts(OptionalInt.empty(), List.of());

  private static final Path MAX_BACKLOG = Path.of("/proc/sys/net/core/netdev_max_backlog");
  private static final Path SOFTNET = Path.of("/proc/net/softnet_stat");

  public HostFacts {
    backlogDrops = List.copyOf(backlogDrops);
  }

  /** Those of now. */
  public static HostFacts read() {
    return new HostFacts(SysctlReader.number(MAX_BACKLOG), drops());
  }

  // A line a CPU: processed, dropped, ..., in hexadecimal (softnet_seq_show, net/core/net-procfs.c)
  private static List<Long> drops() {
    List<Long> drops = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(SOFTNET)) {
        drops.add(Long.parseLong(line.split(" ", 3)[1], 16));
      }
    } catch (IOException e) {
      return List.of();
    }
    return drops;
  }
}
