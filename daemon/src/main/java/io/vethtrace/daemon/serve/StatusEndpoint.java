package io.vethtrace.daemon.serve;

import io.grpc.stub.StreamObserver;
import io.vethtrace.daemon.capture.WallClock;
import io.vethtrace.daemon.kernel.KernelRelease;
import io.vethtrace.v1.DoctorRequest;
import io.vethtrace.v1.DoctorResponse;
import io.vethtrace.v1.StatusRequest;
import io.vethtrace.v1.StatusResponse;
import io.vethtrace.v1.StatusServiceGrpc;
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
            .addAllProbes(tracing.probes().stream().map(StatusMessages::probe).toList())
            .setRingBytes(tracing.ringBytes())
            .addAllStages(tracing.stages().stream().map(StatusMessages::stage).toList())
            .setClients(tracing.clients())
            .setRealtimeOffsetNs(new WallClock().offsetNs());
    StatusMessages.selection(tracing.selection()).ifPresent(status::setSelection);
    client.onNext(status.build());
    client.onCompleted();
  }

  @Override
  public void doctor(DoctorRequest request, StreamObserver<DoctorResponse> client) {
    client.onNext(CheckupMessages.response(tracing.checkup(), version));
    client.onCompleted();
  }
}
