package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.engine.DisplayNames;
import io.vethtrace.daemon.packet.Fingerprint;
import io.vethtrace.daemon.packet.Packet;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.daemon.trace.SourceCheckSysctls;
import io.vethtrace.v1.Evidence;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Fix;
import io.vethtrace.v1.Hop;
import io.vethtrace.v1.SourceValidationSettings;

/** Makes messages of vethtrace.v1 of the daemon's values. */
public final class Messages {
  private final DisplayNames names;

  Messages(DisplayNames names) {
    this.names = names;
  }

  io.vethtrace.v1.Journey journey(Journey journey) {
    var message =
        io.vethtrace.v1.Journey.newBuilder()
            .setPacket(journey.summary())
            .setEnd(end(journey))
            .setLenBytes(journey.first().lenBytes())
            .setFingerprint(journey.fingerprint())
            .addAllFlows(FlowMessages.of(journey));
    journey.hops().forEach(event -> message.addHops(hop(event, journey.first().ktimeNs())));
    return message.build();
  }

  io.vethtrace.v1.Event event(Event event) {
    Packet packet = Packet.parse(event.frame());
    var message =
        io.vethtrace.v1.Event.newBuilder()
            .setPacket(packet.summary())
            .setHop(hop(event, event.ktimeNs()))
            .setLenBytes(event.lenBytes())
            .setFingerprint(Fingerprint.of(event.frame()));
    FlowMessages.of(packet).ifPresent(message::setFlow);
    return message.build();
  }

  private io.vethtrace.v1.Journey.End end(Journey journey) {
    return switch (journey.end()) {
      case CONSUMED -> io.vethtrace.v1.Journey.End.CONSUMED;
      case DROPPED ->
          names.isHarmless(journey)
              ? io.vethtrace.v1.Journey.End.FREED
              : io.vethtrace.v1.Journey.End.DROPPED;
      case OUT_OF_SIGHT -> io.vethtrace.v1.Journey.End.OUT_OF_SIGHT;
    };
  }

  private Hop hop(Event event, long firstNs) {
    Hop.Builder hop =
        Hop.newBuilder()
            .setHook(event.hook().kernelName())
            .setInterface(event.ifname())
            .setNetns(names.netns(event.netns()))
            .setNetnsInode(event.netns())
            .setIfindex(event.ifindex())
            .setKtimeNs(event.ktimeNs())
            .setSinceFirstNs(event.ktimeNs() - firstNs)
            .setCpu(event.cpu())
            .setDropReason(names.reason(event))
            .setPlace(names.location(event))
            .setMechanism(names.mechanism(event.hook()));
    switch (event) {
      case Event.SourceCheck check -> {
        hop.setReturnValue(check.result());
        check.settings().ifPresent(settings -> hop.setSettings(settings(settings)));
      }
      case Event.RouteLookup lookup -> hop.setReturnValue(lookup.result());
      case Event.DeviceHop _, Event.SkbFree _ -> {}
    }
    return hop.build();
  }

  private static SourceValidationSettings settings(SourceCheckSysctls settings) {
    return SourceValidationSettings.newBuilder()
        .setRpFilterAll(settings.rpFilterAll())
        .setRpFilterInterface(settings.rpFilterDev())
        .setAcceptLocalAll(settings.acceptLocalAll())
        .setAcceptLocalInterface(settings.acceptLocalDev())
        .build();
  }

  Finding finding(io.vethtrace.daemon.diagnose.model.Finding finding) {
    Finding.Builder message =
        Finding.newBuilder()
            .setCause(Finding.Cause.valueOf(finding.cause().name()))
            .setVerdict(Finding.Verdict.valueOf(finding.verdict().name()))
            .setConfidence(Finding.Confidence.valueOf(finding.confidence().name()))
            .setTitle(finding.title())
            .setExplanation(finding.explanation())
            .setNetns(finding.place().netnsName())
            .setInterface(finding.place().ifname())
            .setHook(finding.hook())
            .setDropReason(finding.dropReason())
            .addAllConsequences(finding.consequences())
            .setPackets(finding.packets())
            .setJourney(journey(finding.proof()));
    finding.returnValue().ifPresent(message::setReturnValue);
    finding.evidence().forEach(evidence -> message.addEvidence(evidence(evidence)));
    finding.fixes().forEach(fix -> message.addFixes(fix(fix)));
    return message.build();
  }

  public static Evidence evidence(io.vethtrace.daemon.diagnose.model.Evidence evidence) {
    return Evidence.newBuilder()
        .setKind(Evidence.Kind.valueOf(evidence.kind().name()))
        .setText(evidence.text())
        .build();
  }

  private static Fix fix(io.vethtrace.daemon.diagnose.model.Fix fix) {
    return Fix.newBuilder().addAllCommands(fix.commands()).setNote(fix.note()).build();
  }
}
