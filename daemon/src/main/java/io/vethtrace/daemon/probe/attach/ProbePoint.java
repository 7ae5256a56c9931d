package io.vethtrace.daemon.probe.attach;

import static io.vethtrace.daemon.probe.attach.Mechanism.FENTRY;
import static io.vethtrace.daemon.probe.attach.Mechanism.FEXIT;
import static io.vethtrace.daemon.probe.attach.Mechanism.KPROBE;
import static io.vethtrace.daemon.probe.attach.Mechanism.KPROBE_AND_KRETPROBE;
import static io.vethtrace.daemon.probe.attach.Mechanism.RAW_TP;
import static io.vethtrace.daemon.probe.attach.Mechanism.TP_BTF;

import io.vethtrace.daemon.trace.Hook;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A hook together with the mechanisms by which vethtrace can attach to it.
 *
 * @param hook the hook
 * @param candidates the mechanisms, the best first; the first that works is used
 * @param module the module that has the function, if it can be one
 * @param loadsFirstTwoTogether true if the first two candidates are loaded as one object: only
 *     attaching shows if the first one works, and then nothing has to be loaded again
 */
public record ProbePoint(
    Hook hook, List<Mechanism> candidates, Optional<String> module, boolean loadsFirstTwoTogether) {

  /**
   * The table of candidates. The tracepoint variants of the two transmit functions sit on
   * net_dev_start_xmit and look at the kind of device. fib_validate_source has eight arguments,
   * which not every kernel's trampoline takes. If no candidate of it works, the diagnosis models
   * its result from settings. A hook without a row is a tracepoint.
   */
  private static ProbePoint of(Hook hook) {
    return switch (hook) {
      case VETH_XMIT -> point(hook, FENTRY, KPROBE, TP_BTF, RAW_TP).inModule("veth");
      case LOOPBACK_XMIT -> point(hook, FENTRY, KPROBE, TP_BTF, RAW_TP);
      case FIB_VALIDATE_SOURCE -> point(hook, FEXIT, KPROBE_AND_KRETPROBE).firstTwoTogether();
      default -> point(hook, TP_BTF, RAW_TP);
    };
  }

  /** All probe points, in the order of the hooks. */
  public static final List<ProbePoint> ALL =
      Arrays.stream(Hook.values())
          .filter(hook -> hook != Hook.UNSPECIFIED)
          .map(ProbePoint::of)
          .toList();

  /** The name of the object, of its programs' first part, and of the point in every output. */
  public String pointName() {
    return hook.kernelName();
  }

  private static ProbePoint point(Hook hook, Mechanism... candidates) {
    return new ProbePoint(hook, List.of(candidates), Optional.empty(), false);
  }

  private ProbePoint inModule(String name) {
    return new ProbePoint(hook, candidates, Optional.of(name), loadsFirstTwoTogether);
  }

  private ProbePoint firstTwoTogether() {
    return new ProbePoint(hook, candidates, module, true);
  }
}
