package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.engine.DisplayNames;
import io.vethtrace.daemon.kernel.drop.DropReasonExplanations;
import io.vethtrace.daemon.kernel.host.WallClock;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.v1.Drop;

/** Makes messages of journeys that end in kfree_skb. For one thread. */
final class DropMessages {
  private final DisplayNames names;
  private final WallClock clock = new WallClock();

  DropMessages(DisplayNames names) {
    this.names = names;
  }

  Drop drop(Journey dropped) {
    Event end = dropped.last();
    String reason = names.reason(end);
    return Drop.newBuilder()
        .setKtimeNs(end.ktimeNs())
        .setUnixNs(clock.unixNs(end.ktimeNs()))
        .setReason(reason)
        .setExplanation(DropReasonExplanations.of(reason).orElse(""))
        .setPlace(names.location(end))
        .setInterface(end.ifname())
        .setIfindex(end.ifindex())
        .setNetns(names.netns(end.netns()))
        .setNetnsInode(end.netns())
        .setCpu(end.cpu())
        .setPacket(dropped.summary())
        .setLenBytes(end.lenBytes())
        .setHarmless(names.isHarmless(dropped))
        .setFingerprint(dropped.fingerprint())
        .build();
  }
}
