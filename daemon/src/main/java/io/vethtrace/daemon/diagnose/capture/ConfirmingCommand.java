package io.vethtrace.daemon.diagnose.capture;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.kernel.netns.Netns;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.UnansweredRequests;
import java.util.regex.Pattern;

/** The command that makes the traffic of a silence once more, with the kernel watched. */
final class ConfirmingCommand {
  /** A file may call an interface anything: what is no name of a device gets into no shell. */
  private static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,14}");

  private static final Pattern NETNS = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");

  private ConfirmingCommand() {}

  static String of(UnansweredRequests unanswered) {
    String target = InetAddresses.toAddrString(unanswered.key().target());
    return "vethtrace why -- "
        + in(unanswered.netnsName())
        + switch (unanswered.key()) {
          case ConversationKey.Flow flow ->
              "timeout 3 bash -c ': >/dev/tcp/%s/%d'".formatted(target, flow.targetPort());
          case ConversationKey.Neighbour _, ConversationKey.Echo _, ConversationKey.Alone _ ->
              "ping -c 1%s %s".formatted(by(unanswered), target);
        };
  }

  /** A namespace of that name is under /run/netns; others have names that no command takes. */
  private static String in(String netnsName) {
    boolean isNamed = NETNS.matcher(netnsName).matches() && !netnsName.equals(Netns.Host.NAME);
    return isNamed ? "ip netns exec " + netnsName + " " : "";
  }

  private static String by(UnansweredRequests unanswered) {
    String ifname = unanswered.leftAt();
    boolean isDevice = unanswered.isDevice() && DEVICE.matcher(ifname).matches();
    return isDevice && !ifname.equals("any") ? " -I " + ifname : "";
  }
}
