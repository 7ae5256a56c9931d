package io.vethtrace.daemon.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.attach.AttachFailure;
import io.vethtrace.daemon.probe.attach.Mechanism;
import io.vethtrace.daemon.probe.counter.ProbeHitCounters;
import io.vethtrace.daemon.probe.object.TraceFilter;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.v1.Check;
import io.vethtrace.v1.DoctorRequest;
import io.vethtrace.v1.DoctorResponse;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Probe;
import io.vethtrace.v1.Stage;
import io.vethtrace.v1.StatusRequest;
import io.vethtrace.v1.StatusResponse;
import io.vethtrace.v1.StatusServiceGrpc;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class ServicesTest {
  private static final ProbeStatus ATTACHED =
      new ProbeStatus(
          Hook.VETH_XMIT,
          Optional.of(Mechanism.TP_BTF),
          List.of(new AttachFailure(Mechanism.FENTRY, "EPERM at load", 1)),
          new ProbeHitCounters(10, 6, 3, 1));
  private static final ProbeStatus MISSING =
      new ProbeStatus(
          Hook.FIB_VALIDATE_SOURCE, Optional.empty(), List.of(), new ProbeHitCounters(0, 0, 0, 0));

  private static ServingStatus health(ServerFixture served) {
    return HealthGrpc.newBlockingStub(served.channel)
        .check(HealthCheckRequest.getDefaultInstance())
        .getStatus();
  }

  @Test
  void health_says_serving_only_when_the_daemon_says_so() throws Exception {
    try (ServerFixture served = new ServerFixture(new HandMadeTracing())) {
      assertThat(health(served)).isEqualTo(ServingStatus.NOT_SERVING);
      served.server.markServing();
      assertThat(health(served)).isEqualTo(ServingStatus.SERVING);
    }
  }

  @Test
  void status_says_what_the_kernel_passes_on() throws Exception {
    HandMadeTracing tracing = new HandMadeTracing();
    tracing.kernelFilter = new TraceFilter(Optional.empty(), List.of(0xf0000123), List.of("veth0"));
    try (ServerFixture served = new ServerFixture(tracing)) {
      StatusResponse status =
          StatusServiceGrpc.newBlockingStub(served.channel)
              .status(StatusRequest.getDefaultInstance());
      assertThat(status.getSelection())
          .isEqualTo(
              io.vethtrace.v1.Selection.newBuilder()
                  .addNetnsInodes(0xf0000123)
                  .addInterfaces("veth0")
                  .build());
    }
  }

  @Test
  void a_connection_is_nothing_to_warn_of() throws Exception {
    List<String> warnings = new CopyOnWriteArrayList<>();
    Handler collecting = new Collecting(warnings);
    Logger root = Logger.getLogger("");
    root.addHandler(collecting);
    try (ServerFixture served = new ServerFixture(new HandMadeTracing())) {
      health(served);
    } finally {
      root.removeHandler(collecting);
    }
    assertThat(warnings).isEmpty();
  }

  private static final class Collecting extends Handler {
    private final List<String> messages;

    Collecting(List<String> messages) {
      this.messages = messages;
    }

    @Override
    public void publish(LogRecord entry) {
      messages.add(entry.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void reflection_lists_the_services() throws Exception {
    try (ServerFixture served = new ServerFixture(new HandMadeTracing())) {
      RecordingObserver<ServerReflectionRequest, ServerReflectionResponse> calling =
          new RecordingObserver<>();
      StreamObserver<ServerReflectionRequest> call =
          ServerReflectionGrpc.newStub(served.channel).serverReflectionInfo(calling);
      call.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());

      assertThat(calling.next().getListServicesResponse().getServiceList())
          .extracting(ServiceResponse::getName)
          .contains(
              "vethtrace.v1.TraceService", "vethtrace.v1.StatusService", "grpc.health.v1.Health");
      call.onCompleted();
    }
  }

  @Test
  void status_shows_probes_stages_and_clients() throws Exception {
    try (ServerFixture served = new ServerFixture(new HandMadeTracing(ATTACHED, MISSING))) {
      StatusResponse status =
          StatusServiceGrpc.newBlockingStub(served.channel)
              .status(StatusRequest.getDefaultInstance());

      assertThat(status.getVersion()).isEqualTo("1.2.3");
      assertThat(status.getKernel()).isNotEmpty();
      assertThat(status.getRingBytes()).isEqualTo(65536);
      assertThat(status.getClients()).isZero();
      assertThat(status.getProbesList())
          .extracting(Probe::getMechanism)
          .containsExactly("tp_btf", "none");
      Probe attached = status.getProbes(0);
      assertThat(attached.getName()).isEqualTo("veth_xmit");
      assertThat(attached.getHits())
          .isEqualTo(attached.getDelivered() + attached.getFiltered() + attached.getLost());
      assertThat(attached.getRefused(0).getMechanism()).isEqualTo("fentry");
      assertThat(attached.getRefused(0).getWhy()).isEqualTo("EPERM at load");
      assertThat(status.getStages(0))
          .isEqualTo(
              Stage.newBuilder()
                  .setName("ring")
                  .setProduced(10)
                  .setDelivered(6)
                  .setFiltered(3)
                  .setLost(1)
                  .build());
    }
  }

  @Test
  void doctor_says_what_was_found_what_to_change_and_what_to_expect() throws Exception {
    try (ServerFixture served = new ServerFixture(new HandMadeTracing(ATTACHED, MISSING))) {
      DoctorResponse doctor =
          StatusServiceGrpc.newBlockingStub(served.channel)
              .doctor(DoctorRequest.getDefaultInstance());

      assertThat(doctor.getVersion()).isEqualTo("1.2.3");
      assertThat(doctor.getTracingPossible()).isTrue();
      assertThat(doctor.getProbesList()).hasSize(2);
      assertThat(doctor.getChecks(0).getState()).isEqualTo(Check.State.MISSING);
      assertThat(doctor.getChecks(0).getRemedy()).isEqualTo("boot");
      assertThat(doctor.getOutlooks(0).getCausesList())
          .containsExactly(Finding.Cause.INVALID_SOURCE);
      assertThat(doctor.getOutlooks(0).getConfidence())
          .isEqualTo(Finding.Confidence.CONFIDENCE_UNSPECIFIED);
    }
  }

  @Test
  void an_examination_is_one_line_of_json_with_the_protos_names() {
    assertThat(DoctorReportMessages.json(new HandMadeTracing().report(), "1.2.3"))
        .startsWith("{")
        .contains("\"tracing_possible\":true", "\"state\":\"MISSING\"")
        .doesNotContain("\n");
  }
}
