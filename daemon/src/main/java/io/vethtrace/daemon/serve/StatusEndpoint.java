package io.vethtrace.daemon.serve;

import io.grpc.stub.StreamObserver;
import io.vethtrace.daemon.engine.Tracing;
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
final class StatusEndpoint extends StatusServiceGrpc.StatusServiceImplBase {
  private final Tracing tracing;
  private final String version;
  private final KernelRelease kernel = KernelRelease.ofRunningKernel();
  private final long startedNs = System.nanoTime();

  StatusEndpoint(Tracing tracing, String version) {
    this.tracing = tracing;
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
            .setClients(tracing.clients())
            .addAllWatching(clients())
            .addAllHistory(StatusMessages.history(tracing.stream()))
            .setRealtimeOffsetNs(new WallClock().offsetNs());
    StatusMessages.selection(tracing.selection()).ifPresent(status::setSelection);
    client.onNext(status.build());
    client.onCompleted();
  }

  private List<Probe> probes() {
    return tracing.probes().stream()
        .map(status -> StatusMessages.probe(status, tracing.rates()))
        .toList();
  }

  private List<Stage> stages() {
    return tracing.stages().stream()
        .map(counts -> StatusMessages.stage(counts, tracing.rates()))
        .toList();
  }

  private List<Client> clients() {
    return tracing.stream().clients().present().stream().map(StatusMessages::client).toList();
  }

  @Override
  public void doctor(DoctorRequest request, StreamObserver<DoctorResponse> client) {
    client.onNext(TracingReportMessages.response(tracing.checkup(), version));
    client.onCompleted();
  }
}
