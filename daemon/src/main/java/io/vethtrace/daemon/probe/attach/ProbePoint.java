package io.vethtrace.daemon.probe.attach;

import static io.vethtrace.daemon.probe.attach.Mechanism.FENTRY;
import static io.vethtrace.daemon.probe.attach.Mechanism.FEXIT;
import static io.vethtrace.daemon.probe.attach.Mechanism.KPROBE;
import static io.vethtrace.daemon.probe.attach.Mechanism.KPROBE_AND_KRETPROBE;
import static io.vethtrace.daemon.probe.attach.Mechanism.RAW_TP;
import static io.vethtrace.daemon.probe.attach.Mechanism.TP_BTF;

import io.vethtrace.daemon.trace.Hook;
import java.util.List;
import java.util.Optional;

/**
 * A row of the ladder.
 *
 * @param rungs the mechanisms that see it, the best first
 * @param module the module that the function is in, where it can be one
 * @param loadedTogether the first two rungs are loaded as one: whether the first holds shows only
 *     when it is attached, and then nothing has to be loaded again
 */
public record ProbePoint(
    Hook hook, List<Mechanism> rungs, Optional<String> module, boolean loadedTogether) {
  /**
   * The ladder, read from top to bottom and from left to right. The tracepoint variants of the two
   * transmit functions sit on net_dev_start_xmit and look at the kind of device.
   * fib_validate_source has eight arguments, which not every kernel's trampoline takes. Where no
   * rung of it holds, its result is modelled from settings, which is the diagnosis' work.
   */
  public static final List<ProbePoint> LADDER =
      List.of(
          point(Hook.VETH_XMIT, FENTRY, KPROBE, TP_BTF, RAW_TP).inModule("veth"),
          point(Hook.LOOPBACK_XMIT, FENTRY, KPROBE, TP_BTF, RAW_TP),
          point(Hook.NETIF_RX, TP_BTF, RAW_TP),
          point(Hook.NETIF_RECEIVE_SKB, TP_BTF, RAW_TP),
          point(Hook.FIB_VALIDATE_SOURCE, FEXIT, KPROBE_AND_KRETPROBE).firstTwoTogether(),
          point(Hook.KFREE_SKB, TP_BTF, RAW_TP),
          point(Hook.CONSUME_SKB, TP_BTF, RAW_TP),
          point(Hook.FIB_TABLE_LOOKUP, TP_BTF, RAW_TP),
          point(Hook.FIB6_TABLE_LOOKUP, TP_BTF, RAW_TP));

  /** The name of the object, of its programs' first part, and of the point in every output. */
  public String pointName() {
    return hook.kernelName();
  }

  private static ProbePoint point(Hook hook, Mechanism... rungs) {
    return new ProbePoint(hook, List.of(rungs), Optional.empty(), false);
  }

  private ProbePoint inModule(String name) {
    return new ProbePoint(hook, rungs, Optional.of(name), loadedTogether);
  }

  private ProbePoint firstTwoTogether() {
    return new ProbePoint(hook, rungs, module, true);
  }
}
