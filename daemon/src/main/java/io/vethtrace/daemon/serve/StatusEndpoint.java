package io.vethtrace.daemon.serve;

import io.grpc.stub.StreamObserver;
import io.vethtrace.daemon.kernel.KernelRelease;
import io.vethtrace.v1.DoctorRequest;
import io.vethtrace.v1.DoctorResponse;
import io.vethtrace.v1.StatusRequest;
import io.vethtrace.v1.StatusResponse;
import io.vethtrace.v1.StatusServiceGrpc;
import java.time.Instant;
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
            .setRealtimeOffsetNs(realtimeOffsetNs());
    StatusMessages.selection(tracing.selection()).ifPresent(status::setSelection);
    client.onNext(status.build());
    client.onCompleted();
  }

  /** HotSpot's nanoTime is CLOCK_MONOTONIC (os_posix.cpp, javaTimeNanos), as ktime_get_ns is. */
  private static long realtimeOffsetNs() {
    long beforeNs = System.nanoTime();
    Instant now = Instant.now();
    long afterNs = System.nanoTime();
    long unixNs = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    return unixNs - beforeNs - (afterNs - beforeNs) / 2;
  }

  @Override
  public void doctor(DoctorRequest request, StreamObserver<DoctorResponse> client) {
    client.onNext(CheckupMessages.response(tracing.checkup(), version));
    client.onCompleted();
  }
}
