package io.vethtrace.daemon.kernel.host;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What files say about how this kernel can be traced. What it then allows only an attempt can tell.
 */
public record KernelFacts(
    KernelRelease release,
    Capabilities capabilities,
    BtfFacts btf,
    SymbolFacts symbols,
    KprobeFacts kprobes,
    Lockdown lockdown,
    OptionalLong memlockBytes,
    NamespaceFacts namespaces) {

  /**
   * What describes the kernel's types and functions.
   *
   * @param vmlinux why the kernel's own BTF cannot be read; empty where it can
   * @param veth where the functions of the veth driver are described
   * @param dropReasons how many reasons for drops it names
   */
  public record BtfFacts(Optional<String> vmlinux, DriverBtf veth, int dropReasons) {}

  /** Where BTF has a driver's functions. */
  public enum DriverBtf {
    BUILT_IN,
    IN_MODULE_BTF,
    LOADED_WITHOUT_BTF,
    NOT_LOADED
  }

  /**
   * Whether addresses have names.
   *
   * @param known whether /proc/kallsyms shows addresses to this process
   * @param kptrRestrict kernel.kptr_restrict
   */
  public record SymbolFacts(boolean known, OptionalInt kptrRestrict) {}

  /**
   * What kprobes depend on.
   *
   * @param pmu whether the kernel has the event source by which libbpf attaches kprobes
   *     (CONFIG_KPROBE_EVENTS, kernel/events/core.c since 4.17)
   * @param disarmed whether all kprobes are switched off (kernel/kprobes.c, kprobes_all_disarmed);
   *     false where that cannot be read
   * @param perfEventParanoid kernel.perf_event_paranoid
   */
  public record KprobeFacts(boolean pmu, boolean disarmed, OptionalInt perfEventParanoid) {}

  /** The mode in brackets in /sys/kernel/security/lockdown. */
  public enum Lockdown {
    NONE,
    INTEGRITY,
    CONFIDENTIALITY,
    UNREADABLE
  }

  /**
   * What can be learned of network namespaces.
   *
   * @param entering why a thread may not enter a network namespace; empty where it may
   * @param seesPid1 whether this process may look at the namespace of process 1
   */
  public record NamespaceFacts(Optional<String> entering, boolean seesPid1) {}
}
