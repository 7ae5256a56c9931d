package io.vethtrace.daemon.probe;

import io.vethtrace.daemon.libbpf.BpfException;
import io.vethtrace.daemon.libbpf.Errno;
import java.util.Locale;

/** Why a mechanism was refused, in words: the step, the error, and what that error means there. */
final class Refusals {
  enum Step {
    OPEN,
    LOAD,
    ATTACH
  }

  private Refusals() {}

  static Refusal of(Mechanism mechanism, Step step, BpfException e) {
    String why =
        "%s: %s (%d): %s"
            .formatted(
                step.name().toLowerCase(Locale.ROOT),
                e.errnoName(),
                e.errno(),
                meaning(mechanism, step, e));
    return new Refusal(mechanism, why, e.errno());
  }

  private static String meaning(Mechanism mechanism, Step step, BpfException e) {
    if (mechanism.isTrampoline()) {
      return trampolineMeaning(step, e);
    }
    return lastLine(e);
  }

  private static String trampolineMeaning(Step step, BpfException e) {
    if (step == Step.LOAD && e.errno() == Errno.EPERM) {
      return "function hooks are locked down";
    }
    if (step == Step.LOAD && e.errno() == Errno.ESRCH) {
      return "the function is not in the kernel's BTF, nor in that of a loaded module";
    }
    if (step == Step.ATTACH && e.errno() == Errno.ENOTSUPP) {
      // arch_prepare_bpf_trampoline, arch/x86/net/bpf_jit_comp.c, Linux 6.1: nr_args > 6
      return "more arguments than a trampoline takes";
    }
    return lastLine(e);
  }

  /** What libbpf or the verifier said last; both end with what matters. */
  private static String lastLine(BpfException e) {
    String words = e.warnings().isEmpty() ? e.log() : e.warnings();
    return words.isEmpty() ? e.operation() : words.substring(words.lastIndexOf('\n') + 1);
  }
}
