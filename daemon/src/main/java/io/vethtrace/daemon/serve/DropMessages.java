package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.capture.WallClock;
import io.vethtrace.daemon.kernel.DropReasonWords;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.v1.Drop;

/** Journeys that end in kfree_skb as messages. For one thread. */
final class DropMessages {
  private final Names names;
  private final WallClock clock = new WallClock();

  DropMessages(Names names) {
    this.names = names;
  }

  /** {@code dropped} has ended so. */
  Drop drop(Journey dropped) {
    Event end = dropped.last();
    String reason = names.reason(end);
    return Drop.newBuilder()
        .setKtimeNs(end.ktimeNs())
        .setUnixNs(clock.unixNs(end.ktimeNs()))
        .setReason(reason)
        .setExplanation(DropReasonWords.of(reason).orElse(""))
        .setPlace(names.place(end))
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
