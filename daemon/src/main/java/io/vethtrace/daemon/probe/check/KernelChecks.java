package io.vethtrace.daemon.probe.check;

import io.vethtrace.daemon.kernel.host.Capability;
import io.vethtrace.daemon.kernel.host.KernelFacts;
import io.vethtrace.daemon.kernel.host.KernelFacts.BtfFacts;
import io.vethtrace.daemon.kernel.host.KernelFacts.Lockdown;
import io.vethtrace.daemon.kernel.host.KernelFacts.NamespaceFacts;
import io.vethtrace.daemon.kernel.host.KernelFacts.SymbolFacts;
import io.vethtrace.daemon.kernel.host.ProcessCapabilities;
import io.vethtrace.daemon.probe.attach.KnownAttachFailures;
import io.vethtrace.daemon.probe.attach.PrivilegeAdvice;
import io.vethtrace.daemon.probe.attach.UnavailableReasons;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Judges what the kernel's files say. Pure. */
final class KernelChecks {
  private static final int HIDDEN_FROM_ALL = 2;

  private KernelChecks() {}

  static TracingCheck release(KernelFacts facts) {
    return TracingCheck.ok(
        "kernel", "Linux %s %s".formatted(facts.release().release(), facts.release().machine()));
  }

  static TracingCheck vmlinuxBtf(BtfFacts btf) {
    return btf.vmlinux()
        .map(why ->
            TracingCheck.missing(
                "kernel BTF",
                UnavailableReasons.KERNEL_BTF + " " + why,
                UnavailableReasons.BTF_REMEDY))
        .orElseGet(() -> TracingCheck.ok("kernel BTF", UnavailableReasons.KERNEL_BTF.toString()));
  }

  static TracingCheck moduleBtf(BtfFacts btf) {
    String name = "module BTF";
    return switch (btf.veth()) {
      case BUILT_IN -> TracingCheck.ok(name, "veth is built into the kernel, whose BTF has it");
      case IN_MODULE_BTF -> TracingCheck.ok(name, "/sys/kernel/btf/veth");
      case LOADED_WITHOUT_BTF ->
          TracingCheck.limited(
              name,
              "veth is loaded without BTF: fentry cannot attach to it",
              KnownAttachFailures.NO_MODULE_BTF_REMEDY);
      case NOT_LOADED ->
          TracingCheck.limited(
              name,
              "veth is not loaded yet: vethtraced will watch it by tracepoints",
              "modprobe veth, then restart vethtraced");
    };
  }

  /** Checks the names of drop reasons, which exist since 5.17 (include/net/dropreason-core.h). */
  static TracingCheck dropReasons(BtfFacts btf) {
    return btf.dropReasons() > 0
        ? TracingCheck.ok("drop reasons", btf.dropReasons() + " names in BTF")
        : TracingCheck.limited(
            "drop reasons",
            "BTF has none: a drop has a location and no reason",
            "boot Linux 5.17 or later");
  }

  /** {@code kallsyms_show_value}, kernel/ksyms_common.c (6.18). */
  static TracingCheck symbols(SymbolFacts symbols) {
    String name = "symbols";
    if (symbols.known()) {
      return TracingCheck.ok(name, "/proc/kallsyms shows addresses");
    }
    boolean fromAll = symbols.kptrRestrict().orElse(0) >= HIDDEN_FROM_ALL;
    return TracingCheck.limited(
        name,
        "/proc/kallsyms hides addresses: the location of a drop stays a number",
        fromAll ? "sysctl -w kernel.kptr_restrict=1, and give CAP_SYSLOG" : "give CAP_SYSLOG");
  }

  static TracingCheck lockdown(Lockdown lockdown) {
    String name = "lockdown";
    return switch (lockdown) {
      case NONE -> TracingCheck.ok(name, "none");
      case INTEGRITY -> TracingCheck.ok(name, "integrity; the checks below try what it forbids");
      case UNREADABLE ->
          TracingCheck.ok(name, "unknown; the checks below try what it might forbid");
      case CONFIDENTIALITY ->
          // LOCKDOWN_BPF_READ_KERNEL, kernel/bpf/helpers.c
          TracingCheck.missing(
              name,
              "confidentiality: BPF may not read the kernel's memory",
              "boot with lockdown=integrity or without lockdown");
    };
  }

  static TracingCheck capabilities(ProcessCapabilities capabilities, boolean symbolsKnown) {
    String name = "capabilities";
    if (!capabilities.inFirstUserNamespace()) {
      return TracingCheck.missing(
          name,
          "none that count: this is a user namespace of its own, as in a rootless container",
          "run vethtraced outside of it");
    }
    List<String> lacking = lacking(capabilities, symbolsKnown);
    if (lacking.isEmpty()) {
      return TracingCheck.ok(name, held(capabilities));
    }
    boolean nothing = !capabilities.mayUseBpf() || !capabilities.mayMonitor();
    return new TracingCheck(
        name,
        nothing ? TracingCheck.State.MISSING : TracingCheck.State.LIMITED,
        "missing: " + String.join(", ", lacking),
        PrivilegeAdvice.ALL);
  }

  /** Each capability that is missing, and the use that it would have. */
  private static List<String> lacking(ProcessCapabilities capabilities, boolean symbolsKnown) {
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

  private static String held(ProcessCapabilities capabilities) {
    return capabilities.held().stream()
        .map(held -> held.name().substring("CAP_".length()))
        .collect(Collectors.joining(" "));
  }

  static TracingCheck entering(NamespaceFacts namespaces) {
    String name = "other netns";
    return namespaces
        .enterRefusal()
        .map(why ->
            TracingCheck.limited(
                name, why + ": their settings and addresses cannot be read", "give CAP_SYS_ADMIN"))
        .orElseGet(() -> TracingCheck.ok(name, "can be entered, so their settings can be read"));
  }

  static TracingCheck hostNamespace(NamespaceFacts namespaces, ProcessCapabilities capabilities) {
    String name = "host netns";
    if (namespaces.seesPid1()) {
      return TracingCheck.ok(name, "that of process 1");
    }
    boolean allowed = capabilities.has(Capability.CAP_SYS_PTRACE);
    return TracingCheck.limited(
        name,
        "process 1 is hidden: vethtraced uses its own namespace instead",
        allowed ? "" : "give CAP_SYS_PTRACE");
  }
}
