package io.vethtrace.daemon.diagnose.bridge;

import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.Fix;
import io.vethtrace.daemon.diagnose.neighbour.NeighbourFlush;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.kernel.shell.ShellWord;
import io.vethtrace.daemon.trace.Journey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A bridge port that does not forward: its description and its fix. A bridge takes and sends frames
 * only on ports in state forwarding (net/bridge/br_input.c, br_handle_frame; br_forward.c,
 * should_deliver).
 */
record PortNotForwarding(BridgeIngress ingress, Device port) {

  FindingBuilder describe(FindingBuilder builder) {
    String state = ingress.settings(port).stateName();
    String name = port.name();
    return builder
        .title("port %s of bridge %s is in state %s", name, ingress.master().name(), state)
        .explanation(
            "A bridge takes and sends frames only on ports in state forwarding.%s",
            ingress.bridge().stp()
                ? " With the spanning tree protocol on, a port listens and learns for the forward"
                    + " delay each before it forwards."
                : "")
        .proves(Evidence.Kind.DEVICE, "%s: state %s", name, state);
  }

  Optional<Fix> fix(ConversationView view, Journey journey) {
    Fix fix = ingress.bridge().stp() ? withoutStp() : new Fix(List.of(forward(port)), note());
    return Optional.of(NeighbourFlush.after(fix, view, journey));
  }

  private String note() {
    return "Whoever took %s out of the forwarding state may have had a loop in mind."
        .formatted(port.name());
  }

  /**
   * Returns a fix that switches STP off first: while the kernel's STP is on, the state cannot be
   * set (br_set_port_state, br_netlink.c).
   */
  private Fix withoutStp() {
    List<String> commands = new ArrayList<>();
    commands.add(
        "%sip link set dev %s type bridge stp_state 0"
            .formatted(ingress.facts().commandPrefix(), ShellWord.of(ingress.master().name())));
    Stream.concat(Stream.of(ingress.port()), ingress.others().stream())
        .filter(device -> device.up() && !ingress.settings(device).forwards())
        .forEach(device -> commands.add(forward(device)));
    return new Fix(
        commands,
        "Only where this bridge is in no loop. If the port listens or learns, to wait for twice the"
            + " forward delay cures it as well.");
  }

  private String forward(Device device) {
    return "%sbridge link set dev %s state 3"
        .formatted(ingress.facts().commandPrefix(), ShellWord.of(device.name()));
  }
}
