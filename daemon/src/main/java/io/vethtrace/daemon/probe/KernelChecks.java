package io.vethtrace.daemon.probe;

import io.vethtrace.daemon.kernel.Capabilities;
import io.vethtrace.daemon.kernel.Capability;
import io.vethtrace.daemon.kernel.KernelFacts;
import io.vethtrace.daemon.kernel.KernelFacts.BtfFacts;
import io.vethtrace.daemon.kernel.KernelFacts.Lockdown;
import io.vethtrace.daemon.kernel.KernelFacts.NamespaceFacts;
import io.vethtrace.daemon.kernel.KernelFacts.SymbolFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What the kernel's files say, judged. Pure. */
final class KernelChecks {
  private static final int HIDDEN_FROM_ALL = 2;

  private KernelChecks() {}

  static Check release(KernelFacts facts) {
    return Check.ok(
        "kernel", "Linux %s %s".formatted(facts.release().release(), facts.release().machine()));
  }

  static Check vmlinuxBtf(BtfFacts btf) {
    return btf.vmlinux()
        .map(why ->
            Check.missing("kernel BTF", Unavailable.KERNEL_BTF + " " + why, Unavailable.BTF_REMEDY))
        .orElseGet(() -> Check.ok("kernel BTF", Unavailable.KERNEL_BTF.toString()));
  }

  static Check moduleBtf(BtfFacts btf) {
    String name = "module BTF";
    return switch (btf.veth()) {
      case BUILT_IN -> Check.ok(name, "veth is built into the kernel, whose BTF has it");
      case IN_MODULE_BTF -> Check.ok(name, "/sys/kernel/btf/veth");
      case LOADED_WITHOUT_BTF ->
          Check.limited(
              name,
              "none of veth, which is loaded: no fentry in it",
              KnownRefusals.NO_MODULE_BTF_REMEDY);
      case NOT_LOADED ->
          Check.limited(
              name,
              "veth is not loaded yet: vethtraced will watch it by tracepoints",
              "modprobe veth, then restart vethtraced");
    };
  }

  /** Since 5.17 (include/net/dropreason-core.h). */
  static Check dropReasons(BtfFacts btf) {
    return btf.dropReasons() > 0
        ? Check.ok("drop reasons", btf.dropReasons() + " names in BTF")
        : Check.limited(
            "drop reasons",
            "none in BTF: of a drop only its place is known",
            "boot Linux 5.17 or later");
  }

  /** {@code kallsyms_show_value}, kernel/ksyms_common.c (6.18). */
  static Check symbols(SymbolFacts symbols) {
    String name = "symbols";
    if (symbols.known()) {
      return Check.ok(name, "/proc/kallsyms shows addresses");
    }
    boolean fromAll = symbols.kptrRestrict().orElse(0) >= HIDDEN_FROM_ALL;
    return Check.limited(
        name,
        "/proc/kallsyms hides them: the place of a drop stays a number",
        fromAll ? "sysctl -w kernel.kptr_restrict=1, and give CAP_SYSLOG" : "give CAP_SYSLOG");
  }

  static Check lockdown(Lockdown lockdown) {
    String name = "lockdown";
    return switch (lockdown) {
      case NONE -> Check.ok(name, "none");
      case INTEGRITY -> Check.ok(name, "integrity; what that forbids is tried below");
      case UNREADABLE -> Check.ok(name, "not told; what it might forbid is tried below");
      case CONFIDENTIALITY ->
          // LOCKDOWN_BPF_READ_KERNEL, kernel/bpf/helpers.c
          Check.missing(
              name,
              "confidentiality: BPF may not read the kernel's memory",
              "boot with lockdown=integrity or without lockdown");
    };
  }

  static Check capabilities(Capabilities capabilities, boolean symbolsKnown) {
    String name = "capabilities";
    if (!capabilities.inFirstUserNamespace()) {
      return Check.missing(
          name,
          "none that count: this is a user namespace of its own, as in a rootless container",
          "run vethtraced outside of it");
    }
    List<String> lacking = lacking(capabilities, symbolsKnown);
    if (lacking.isEmpty()) {
      return Check.ok(name, held(capabilities));
    }
    boolean nothing = !capabilities.mayUseBpf() || !capabilities.mayMonitor();
    return new Check(
        name,
        nothing ? Check.State.MISSING : Check.State.LIMITED,
        "missing: " + String.join(", ", lacking),
        Privileges.ALL);
  }

  /** Each capability that is missed, and what that costs. */
  private static List<String> lacking(Capabilities capabilities, boolean symbolsKnown) {
    List<String> lacking = new ArrayList<>();
    if (!capabilities.mayUseBpf()) {
      lacking.add("CAP_BPF (all)");
    }
    if (!capabilities.mayMonitor()) {
      lacking.add("CAP_PERFMON (all)");
    }
    if (!capabilities.has(Capability.CAP_SYS_ADMIN)) {
      lacking.add("CAP_SYS_ADMIN (BTF of modules, settings of other netns)");
    }
    if (!capabilities.has(Capability.CAP_SYS_PTRACE)) {
      lacking.add("CAP_SYS_PTRACE (netns of other users' processes)");
    }
    if (!capabilities.has(Capability.CAP_SYSLOG) && !symbolsKnown) {
      lacking.add("CAP_SYSLOG (symbols)");
    }
    if (!capabilities.has(Capability.CAP_NET_ADMIN)) {
      lacking.add("CAP_NET_ADMIN (which firewall rule)");
    }
    if (!capabilities.has(Capability.CAP_NET_RAW)) {
      lacking.add("CAP_NET_RAW (captures)");
    }
    return lacking;
  }

  private static String held(Capabilities capabilities) {
    return capabilities.held().stream()
        .map(held -> held.name().substring("CAP_".length()))
        .collect(Collectors.joining(" "));
  }

  static Check entering(NamespaceFacts namespaces) {
    String name = "other netns";
    return namespaces
        .entering()
        .map(why ->
            Check.limited(
                name, why + ": their settings and addresses cannot be read", "give CAP_SYS_ADMIN"))
        .orElseGet(() -> Check.ok(name, "can be entered, so their settings can be read"));
  }

  static Check hostNamespace(NamespaceFacts namespaces, Capabilities capabilities) {
    String name = "host netns";
    if (namespaces.seesPid1()) {
      return Check.ok(name, "that of process 1");
    }
    boolean allowed = capabilities.has(Capability.CAP_SYS_PTRACE);
    return Check.limited(
        name,
        "process 1 is hidden, so vethtraced's own is taken for it",
        allowed ? "" : "give CAP_SYS_PTRACE");
  }
}
