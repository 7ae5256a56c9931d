package io.vethtrace.daemon.probe;

import static io.vethtrace.daemon.probe.Mechanism.FENTRY;
import static io.vethtrace.daemon.probe.Mechanism.FEXIT;
import static io.vethtrace.daemon.probe.Mechanism.KPROBE;
import static io.vethtrace.daemon.probe.Mechanism.KPROBE_AND_KRETPROBE;
import static io.vethtrace.daemon.probe.Mechanism.RAW_TP;
import static io.vethtrace.daemon.probe.Mechanism.TP_BTF;

import io.vethtrace.daemon.trace.Hook;
import java.util.List;

/**
 * A row of the ladder.
 *
 * @param rungs the mechanisms that see it, the best first
 */
record ProbePoint(Hook hook, List<Mechanism> rungs) {
  /**
   * The ladder. The tracepoint variants of the two transmit functions sit on net_dev_start_xmit and
   * look at the kind of device. Where no rung of fib_validate_source holds, its result is modelled
   * from settings, which is the diagnosis' work.
   */
  static final List<ProbePoint> LADDER =
      List.of(
          point(Hook.VETH_XMIT, FENTRY, KPROBE, TP_BTF, RAW_TP),
          point(Hook.LOOPBACK_XMIT, FENTRY, KPROBE, TP_BTF, RAW_TP),
          point(Hook.NETIF_RX, TP_BTF, RAW_TP),
          point(Hook.NETIF_RECEIVE_SKB, TP_BTF, RAW_TP),
          point(Hook.FIB_VALIDATE_SOURCE, FEXIT, KPROBE_AND_KRETPROBE),
          point(Hook.KFREE_SKB, TP_BTF, RAW_TP),
          point(Hook.CONSUME_SKB, TP_BTF, RAW_TP));

  /** The name of the object, of its programs' first part, and of the point in every output. */
  String pointName() {
    return hook.kernelName();
  }

  private static ProbePoint point(Hook hook, Mechanism... rungs) {
    return new ProbePoint(hook, List.of(rungs));
  }
}
