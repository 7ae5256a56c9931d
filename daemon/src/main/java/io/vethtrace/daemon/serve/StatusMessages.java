package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.engine.CounterRates;
import io.vethtrace.daemon.engine.PipelineStageCounts;
import io.vethtrace.daemon.engine.feed.History;
import io.vethtrace.daemon.engine.feed.HistoryBounds;
import io.vethtrace.daemon.engine.feed.TraceStream;
import io.vethtrace.daemon.engine.feed.WatchClient;
import io.vethtrace.daemon.filter.Filter;
import io.vethtrace.daemon.kernel.host.WallClock;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.attach.AttachFailure;
import io.vethtrace.daemon.probe.attach.Mechanism;
import io.vethtrace.daemon.probe.counter.ProbeHitCounters;
import io.vethtrace.daemon.probe.object.TraceFilter;
import io.vethtrace.v1.Client;
import io.vethtrace.v1.Counts;
import io.vethtrace.v1.Probe;
import io.vethtrace.v1.Stage;
import java.util.List;
import java.util.Optional;

/** Makes messages of probe points, stages, clients and histories. */
final class StatusMessages {
  private StatusMessages() {}

  /** Makes the message of a probe point that has no rate yet. */
  static Probe probe(ProbeStatus status) {
    return probe(status, new CounterRates());
  }

  static Probe probe(ProbeStatus status, CounterRates rates) {
    ProbeHitCounters counters = status.counters();
    Probe.Builder probe =
        Probe.newBuilder()
            .setName(status.name())
            .setMechanism(status.mechanism().map(Mechanism::label).orElse("none"))
            .setHits(counters.hits())
            .setDelivered(counters.delivered())
            .setFiltered(counters.filtered())
            .setLost(counters.lost())
            .setHitsPerSecond(rates.perSecond(status.name()));
    status.failures().forEach(failure -> probe.addRefused(refused(failure)));
    return probe.build();
  }

  private static io.vethtrace.v1.Refusal refused(AttachFailure failure) {
    return io.vethtrace.v1.Refusal.newBuilder()
        .setMechanism(failure.mechanism().label())
        .setWhy(failure.why())
        .build();
  }

  /** Returns the filter of the kernel side; empty if it lets all through. */
  static Optional<io.vethtrace.v1.Selection> selection(TraceFilter filter) {
    if (filter.isAll()) {
      return Optional.empty();
    }
    return Optional.of(
        io.vethtrace.v1.Selection.newBuilder()
            .setFilter(filter.filter().map(Filter::expression).orElse(""))
            .addAllNetnsInodes(filter.netns())
            .addAllInterfaces(filter.interfaces())
            .build());
  }

  static Stage stage(PipelineStageCounts counts, CounterRates rates) {
    return Stage.newBuilder()
        .setName(counts.name())
        .setProduced(counts.produced())
        .setDelivered(counts.delivered())
        .setFiltered(counts.filtered())
        .setLost(counts.lost())
        .setProducedPerSecond(rates.perSecond(counts.name()))
        .build();
  }

  static Counts counts(PipelineStageCounts counts) {
    return Counts.newBuilder()
        .setProduced(counts.produced())
        .setDelivered(counts.delivered())
        .setFiltered(counts.filtered())
        .setLost(counts.lost())
        .build();
  }

  static Client client(WatchClient client) {
    return Client.newBuilder()
        .setId(client.id())
        .setSinceUnixNs(client.sinceUnixNs())
        .setCounts(counts(client.counts()))
        .setQueued(client.queued())
        .build();
  }

  /** Returns the state of both histories; none if nothing is kept. */
  static List<io.vethtrace.v1.History> history(TraceStream stream) {
    return stream.findings().bounds().keepsAny()
        ? List.of(history("journey", stream.journeys()), history("finding", stream.findings()))
        : List.of();
  }

  private static io.vethtrace.v1.History history(String kind, History<?> history) {
    History.Fill fill = history.fill(WallClock.nowUnixNs());
    HistoryBounds bounds = history.bounds();
    var message =
        io.vethtrace.v1.History.newBuilder()
            .setKind(kind)
            .setItems(fill.items())
            .setMaxItems(bounds.items())
            .setBytes(fill.bytes())
            .setMaxBytes(bounds.bytes())
            .setMaxAgeSeconds(bounds.age().toSeconds())
            .setEvicted(fill.evicted());
    fill.oldestUnixNs().ifPresent(message::setOldestUnixNs);
    return message.build();
  }
}
