package io.vethtrace.daemon.kernel.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * The capabilities of a process. For BPF the kernel asks for capabilities of the first user
 * namespace ({@code capable}, kernel/capability.c): the capabilities of root in another user
 * namespace do not count.
 *
 * @param effective the effective set, a bit each
 * @param inFirstUserNamespace whether they count for the kernel itself
 */
public record ProcessCapabilities(long effective, boolean inFirstUserNamespace) {
  private static final String EFFECTIVE = "CapEff:";

  /** PROC_USER_INIT_INO, include/linux/proc_ns.h. */
  private static final String FIRST_USER_NAMESPACE = "user:[" + 0xEFFFFFFDL + "]";

  /** Those of this process; none where /proc does not say. */
  public static ProcessCapabilities ofThisProcess() {
    return read(Path.of("/proc/self"));
  }

  static ProcessCapabilities read(Path process) {
    try {
      String namespace = Files.readSymbolicLink(process.resolve("ns/user")).toString();
      return parse(
          Files.readString(process.resolve("status")), namespace.equals(FIRST_USER_NAMESPACE));
    } catch (IOException e) {
      return new ProcessCapabilities(0, true);
    }
  }

  /** Reads the text of /proc/PID/status. */
  static ProcessCapabilities parse(String status, boolean inFirstUserNamespace) {
    long effective =
        status
            .lines()
            .filter(line -> line.startsWith(EFFECTIVE))
            .mapToLong(
                line -> Long.parseUnsignedLong(line.substring(EFFECTIVE.length()).strip(), 16))
            .findFirst()
            .orElse(0);
    return new ProcessCapabilities(effective, inFirstUserNamespace);
  }

  /** These and no others, in the first user namespace. */
  public static ProcessCapabilities of(Capability... capabilities) {
    long effective = 0;
    for (Capability capability : capabilities) {
      effective |= capability.mask();
    }
    return new ProcessCapabilities(effective, true);
  }

  public boolean has(Capability capability) {
    return inFirstUserNamespace && (effective & capability.mask()) != 0;
  }

  /** {@code bpf_capable}, include/linux/capability.h: CAP_SYS_ADMIN stands for it, since 5.8. */
  public boolean mayUseBpf() {
    return has(Capability.CAP_BPF) || has(Capability.CAP_SYS_ADMIN);
  }

  /** {@code perfmon_capable}, likewise. */
  public boolean mayMonitor() {
    return has(Capability.CAP_PERFMON) || has(Capability.CAP_SYS_ADMIN);
  }

  /** Those of the kind that tracing touches. */
  public Set<Capability> held() {
    Set<Capability> held = EnumSet.noneOf(Capability.class);
    for (Capability capability : Capability.values()) {
      if (has(capability)) {
        held.add(capability);
      }
    }
    return held;
  }
}
