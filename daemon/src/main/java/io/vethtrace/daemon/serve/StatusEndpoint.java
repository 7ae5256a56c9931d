package io.vethtrace.daemon.serve;

import io.grpc.stub.StreamObserver;
import io.vethtrace.daemon.engine.CounterRates;
import io.vethtrace.daemon.engine.TracingStatus;
import io.vethtrace.daemon.engine.feed.WatchCallInputs;
import io.vethtrace.daemon.kernel.host.KernelRelease;
import io.vethtrace.daemon.kernel.host.WallClock;
import io.vethtrace.v1.Client;
import io.vethtrace.v1.DoctorRequest;
import io.vethtrace.v1.DoctorResponse;
import io.vethtrace.v1.Probe;
import io.vethtrace.v1.Stage;
import io.vethtrace.v1.StatusRequest;
import io.vethtrace.v1.StatusResponse;
import io.vethtrace.v1.StatusServiceGrpc;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** vethtrace.v1.StatusService. */
public final class StatusEndpoint extends StatusServiceGrpc.StatusServiceImplBase {
  private final TracingStatus tracing;
  private final WatchCallInputs sources;
  private final CounterRates rates;
  private final String version;
  private final KernelRelease kernel = KernelRelease.ofRunningKernel();
  private final long startedNs = System.nanoTime();

  public StatusEndpoint(
      TracingStatus tracing, WatchCallInputs sources, CounterRates rates, String version) {
    this.tracing = tracing;
    this.sources = sources;
    this.rates = rates;
    this.version = version;
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> client) {
    StatusResponse.Builder status =
        StatusResponse.newBuilder()
            .setVersion(version)
            .setKernel(kernel.release())
            .setMachine(kernel.machine())
            .setUptimeSeconds(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNs))
            .addAllProbes(probes())
            .setRingBytes(tracing.ringBytes())
            .addAllStages(stages())
            .setClients(sources.stream().feed().clients())
            .addAllWatching(clients())
            .addAllHistory(StatusMessages.history(sources.stream()))
            .setRealtimeOffsetNs(new WallClock().offsetNs());
    StatusMessages.selection(tracing.traceFilter()).ifPresent(status::setSelection);
    client.onNext(status.build());
    client.onCompleted();
  }

  private List<Probe> probes() {
    return tracing.probes().stream().map(status -> StatusMessages.probe(status, rates)).toList();
  }

  private List<Stage> stages() {
    return sources.losses().stages().stream()
        .map(counts -> StatusMessages.stage(counts, rates))
        .toList();
  }

  private List<Client> clients() {
    return sources.clients().present().stream().map(StatusMessages::client).toList();
  }

  @Override
  public void doctor(DoctorRequest request, StreamObserver<DoctorResponse> client) {
    client.onNext(DoctorReportMessages.response(tracing.report(), version));
    client.onCompleted();
  }
}
