package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.filter.Filter;
import io.vethtrace.daemon.probe.Counters;
import io.vethtrace.daemon.probe.Mechanism;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.Refusal;
import io.vethtrace.daemon.probe.Selection;
import io.vethtrace.v1.Probe;
import io.vethtrace.v1.Stage;
import java.util.Optional;

/** Probe points and stages as messages of vethtrace.v1. */
final class StatusMessages {
  private StatusMessages() {}

  static Probe probe(ProbeStatus status) {
    Counters counters = status.counters();
    Probe.Builder probe =
        Probe.newBuilder()
            .setName(status.name())
            .setMechanism(status.mechanism().map(Mechanism::label).orElse("none"))
            .setHits(counters.hits())
            .setDelivered(counters.delivered())
            .setFiltered(counters.filtered())
            .setLost(counters.lost());
    status.refusals().forEach(refusal -> probe.addRefused(refused(refusal)));
    return probe.build();
  }

  private static io.vethtrace.v1.Refusal refused(Refusal refusal) {
    return io.vethtrace.v1.Refusal.newBuilder()
        .setMechanism(refusal.mechanism().label())
        .setWhy(refusal.why())
        .build();
  }

  /** Empty where nothing is left out. */
  static Optional<io.vethtrace.v1.Selection> selection(Selection selection) {
    if (selection.isAll()) {
      return Optional.empty();
    }
    return Optional.of(
        io.vethtrace.v1.Selection.newBuilder()
            .setFilter(selection.filter().map(Filter::expression).orElse(""))
            .addAllNetnsInodes(selection.netns())
            .addAllInterfaces(selection.interfaces())
            .build());
  }

  static Stage stage(StageCounts counts) {
    return Stage.newBuilder()
        .setName(counts.name())
        .setProduced(counts.produced())
        .setDelivered(counts.delivered())
        .setFiltered(counts.filtered())
        .setLost(counts.lost())
        .build();
  }
}
