package io.vethtrace.daemon.probe.attach;

import io.vethtrace.daemon.kernel.host.Capability;
import io.vethtrace.daemon.kernel.host.ProcessCapabilities;
import io.vethtrace.daemon.libbpf.BpfErrno;
import io.vethtrace.daemon.libbpf.BpfException;
import java.util.Locale;

/**
 * Writes the reason why a mechanism failed: the step, the error, and the meaning of that error to a
 * process with these capabilities.
 */
record AttachFailureText(ProcessCapabilities capabilities) {
  enum Step {
    OPEN,
    LOAD,
    ATTACH
  }

  private record Meaning(String words, String remedy) {}

  AttachFailure of(Mechanism mechanism, Step step, BpfException e) {
    Meaning meaning = meaning(mechanism, step, e);
    String why =
        "%s: %s (%d): %s"
            .formatted(
                step.name().toLowerCase(Locale.ROOT), e.errnoName(), e.errno(), meaning.words());
    return new AttachFailure(mechanism, why, e.errno(), meaning.remedy());
  }

  private Meaning meaning(Mechanism mechanism, Step step, BpfException e) {
    boolean forbidden = e.errno() == BpfErrno.EPERM || e.errno() == BpfErrno.EACCES;
    if (step == Step.LOAD
        && forbidden
        && !(capabilities.mayUseBpf() && capabilities.mayMonitor())) {
      return new Meaning("this process may not load tracing programs", PrivilegeAdvice.LEAST);
    }
    if (mechanism.isTrampoline()) {
      return trampoline(step, e);
    }
    return mechanism.isKprobe() && step == Step.ATTACH && forbidden
        ? kprobeForbidden()
        : new Meaning(lastLine(e), "");
  }

  private Meaning trampoline(Step step, BpfException e) {
    if (step == Step.LOAD && e.errno() == BpfErrno.EPERM) {
      return trampolineForbidden(e);
    }
    if (step == Step.LOAD && e.errno() == BpfErrno.ESRCH) {
      return new Meaning(
          "the function is not in the kernel's BTF, nor in that of a loaded module",
          "load the module before vethtraced starts; Linux before 5.11 has no BTF of modules");
    }
    if (step == Step.ATTACH && e.errno() == BpfErrno.ENOTSUPP) {
      // arch_prepare_bpf_trampoline, arch/x86/net/bpf_jit_comp.c, Linux 6.1: nr_args > 6
      return new Meaning("more arguments than a trampoline takes", "");
    }
    return new Meaning(lastLine(e), "");
  }

  /**
   * libbpf looks for a function first in vmlinux and then in the BTF of each module, and to walk
   * over those takes CAP_SYS_ADMIN (bpf_obj_get_next_id, kernel/bpf/syscall.c, 6.18).
   */
  private Meaning trampolineForbidden(BpfException e) {
    boolean modules = e.warnings().contains("BTF");
    return modules && !capabilities.has(Capability.CAP_SYS_ADMIN)
        ? new Meaning(
            "the function is in a module, whose BTF CAP_SYS_ADMIN alone may read",
            "give CAP_SYS_ADMIN")
        : new Meaning(
            "function hooks are locked down", "boot a kernel that lets BPF attach to functions");
  }

  /** Debian's kernels know a value above 2, which asks for CAP_SYS_ADMIN (perf_event_open). */
  private Meaning kprobeForbidden() {
    return capabilities.has(Capability.CAP_SYS_ADMIN)
        ? new Meaning("perf_event_open(2) is forbidden", "")
        : new Meaning(
            "perf_event_open(2) asks for CAP_SYS_ADMIN here",
            "sysctl -w kernel.perf_event_paranoid=2, or give CAP_SYS_ADMIN");
  }

  /** Returns the last line of libbpf or the verifier: both end with the error. */
  private static String lastLine(BpfException e) {
    String words = e.warnings().isEmpty() ? e.log() : e.warnings();
    return words.isEmpty() ? e.operation() : words.substring(words.lastIndexOf('\n') + 1);
  }
}
