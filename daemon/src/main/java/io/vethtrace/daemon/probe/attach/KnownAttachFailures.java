package io.vethtrace.daemon.probe.attach;

import io.vethtrace.daemon.libbpf.BpfErrno;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Mechanisms that need no attempt: the kernel says beforehand that they cannot hold, or another
 * probe point's attempt has shown it. Safe on several threads.
 */
public final class KnownAttachFailures {
  /**
   * There where the kernel has CONFIG_KPROBE_EVENTS (kernel/events/core.c since Linux 4.17); libbpf
   * attaches kprobes through it.
   */
  static final Path KPROBE_PMU = Path.of("/sys/bus/event_source/devices/kprobe/type");

  public static final String NO_MODULE_BTF_REMEDY =
      "boot Linux 5.11 or later with CONFIG_DEBUG_INFO_BTF_MODULES=y";

  private static final Path MODULES = Path.of("/sys/module");
  private static final Path BTF = Path.of("/sys/kernel/btf");

  private final boolean kprobes = Files.exists(KPROBE_PMU);
  private volatile @Nullable AttachFailure lockedTrampolines;

  /**
   * Returns the failure of {@code mechanism} if it is known beforehand; empty if only an attempt
   * can tell.
   */
  Optional<AttachFailure> of(ProbePoint point, Mechanism mechanism) {
    if (mechanism.isKprobe() && !kprobes) {
      return Optional.of(noKprobes(mechanism));
    }
    return mechanism.isTrampoline() ? ofTrampoline(point, mechanism) : Optional.empty();
  }

  public static AttachFailure noKprobes(Mechanism mechanism) {
    return new AttachFailure(
        mechanism, "the kernel has no kprobes", 0, "boot a kernel with CONFIG_KPROBE_EVENTS=y");
  }

  private Optional<AttachFailure> ofTrampoline(ProbePoint point, Mechanism mechanism) {
    AttachFailure locked = lockedTrampolines;
    if (locked != null) {
      return Optional.of(
          new AttachFailure(mechanism, locked.why(), BpfErrno.EPERM, locked.remedy()));
    }
    return point
        .module()
        .filter(KnownAttachFailures::isModuleWithoutBtf)
        .map(module ->
            new AttachFailure(
                mechanism, "the module %s has no BTF".formatted(module), 0, NO_MODULE_BTF_REMEDY));
  }

  /**
   * Modules have BTF since Linux 5.11 (CONFIG_DEBUG_INFO_BTF_MODULES). Only what is a module, and
   * not built in, has an initstate (kernel/module/sysfs.c; kernel/module.c before 5.19).
   */
  private static boolean isModuleWithoutBtf(String module) {
    return Files.exists(MODULES.resolve(module).resolve("initstate"))
        && !Files.exists(BTF.resolve(module));
  }

  /**
   * Keeps what holds for every probe point: whoever may not load a trampoline for one function of
   * the kernel itself may load none. (A module's may be denied because its BTF may not be read.)
   */
  void learn(ProbePoint point, AttachFailure failure, AttachFailureText.Step step) {
    boolean denied = step == AttachFailureText.Step.LOAD && failure.errno() == BpfErrno.EPERM;
    if (denied && failure.mechanism().isTrampoline() && point.module().isEmpty()) {
      lockedTrampolines = failure;
    }
  }
}
