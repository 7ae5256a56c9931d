package io.vethtrace.daemon.probe;

import io.vethtrace.daemon.libbpf.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Mechanisms that need no attempt: the kernel says beforehand that they cannot hold, or another
 * probe point's attempt has shown it. Safe on several threads.
 */
final class KnownRefusals {
  /**
   * There where the kernel has CONFIG_KPROBE_EVENTS (kernel/events/core.c since Linux 4.17); libbpf
   * attaches kprobes through it.
   */
  static final Path KPROBE_PMU = Path.of("/sys/bus/event_source/devices/kprobe/type");

  private static final Path MODULES = Path.of("/sys/module");
  private static final Path BTF = Path.of("/sys/kernel/btf");

  private final boolean kprobes = Files.exists(KPROBE_PMU);
  private volatile @Nullable String lockedTrampolines;

  /** Why {@code mechanism} cannot hold; empty where only the attempt can tell. */
  Optional<Refusal> of(ProbePoint point, Mechanism mechanism) {
    if (mechanism.isKprobe() && !kprobes) {
      return Optional.of(new Refusal(mechanism, "the kernel has no kprobes", 0));
    }
    return mechanism.isTrampoline() ? ofTrampoline(point, mechanism) : Optional.empty();
  }

  private Optional<Refusal> ofTrampoline(ProbePoint point, Mechanism mechanism) {
    String locked = lockedTrampolines;
    if (locked != null) {
      return Optional.of(new Refusal(mechanism, locked, Errno.EPERM));
    }
    return point
        .module()
        .filter(KnownRefusals::isModuleWithoutBtf)
        .map(module -> new Refusal(mechanism, "the module %s has no BTF".formatted(module), 0));
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
  void learn(ProbePoint point, Refusal refusal, Refusals.Step step) {
    boolean denied = step == Refusals.Step.LOAD && refusal.errno() == Errno.EPERM;
    if (denied && refusal.mechanism().isTrampoline() && point.module().isEmpty()) {
      lockedTrampolines = refusal.why();
    }
  }
}
