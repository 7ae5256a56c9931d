package io.vethtrace.daemon.kernel.host;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The features of this kernel that matter to tracing, as files show them. Only an attempt shows
 * what the kernel then allows.
 */
public record KernelFacts(
    KernelRelease release,
    ProcessCapabilities capabilities,
    BtfFacts btf,
    SymbolFacts symbols,
    KprobeFacts kprobes,
    Lockdown lockdown,
    OptionalLong memlockBytes,
    NamespaceFacts namespaces) {

  /**
   * The state of BTF, which describes the kernel's types and functions.
   *
   * @param vmlinux why the kernel's own BTF cannot be read; empty where it can
   * @param veth where the functions of the veth driver are described
   * @param dropReasons how many reasons for drops it names
   */
  public record BtfFacts(Optional<String> vmlinux, DriverBtf veth, int dropReasons) {}

  /** The place of a driver's functions in BTF. */
  public enum DriverBtf {
    BUILT_IN,
    IN_MODULE_BTF,
    LOADED_WITHOUT_BTF,
    NOT_LOADED
  }

  /**
   * The state of the kernel's symbols: they give names to addresses.
   *
   * @param known whether /proc/kallsyms shows addresses to this process
   * @param kptrRestrict kernel.kptr_restrict
   */
  public record SymbolFacts(boolean known, OptionalInt kptrRestrict) {}

  /**
   * The settings and features that kprobes depend on.
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
   * The rights of this process over network namespaces.
   *
   * @param enterRefusal why a thread may not enter a network namespace; empty where it may
   * @param seesPid1 whether this process may look at the namespace of process 1
   */
  public record NamespaceFacts(Optional<String> enterRefusal, boolean seesPid1) {}
}
