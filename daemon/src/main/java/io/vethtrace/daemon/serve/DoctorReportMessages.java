package io.vethtrace.daemon.serve;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.vethtrace.daemon.diagnose.CauseDetectability;
import io.vethtrace.daemon.engine.DoctorReport;
import io.vethtrace.v1.Check;
import io.vethtrace.v1.DoctorResponse;
import io.vethtrace.v1.Finding;

/** Makes a message of a {@link DoctorReport}. */
public final class DoctorReportMessages {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();

  private DoctorReportMessages() {}

  static DoctorResponse response(DoctorReport report, String version) {
    DoctorResponse.Builder response =
        DoctorResponse.newBuilder()
            .setVersion(version)
            .setKernel(report.kernel().release())
            .setMachine(report.kernel().machine())
            .setTracingPossible(report.tracingPossible());
    report.checks().forEach(check -> response.addChecks(check(check)));
    report.probes().forEach(probe -> response.addProbes(StatusMessages.probe(probe)));
    report.capabilities().forEach(one -> response.addOutlooks(outlook(one)));
    return response.build();
  }

  /** Returns the message as one line of JSON. */
  public static String json(DoctorReport report, String version) {
    try {
      return PRINTER.print(response(report, version));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("only messages with Any can fail", e);
    }
  }

  private static Check check(io.vethtrace.daemon.probe.check.TracingCheck check) {
    return Check.newBuilder()
        .setName(check.name())
        .setState(Check.State.valueOf(check.state().name()))
        .setFound(check.found())
        .setRemedy(check.remedy())
        .build();
  }

  private static io.vethtrace.v1.Outlook outlook(CauseDetectability capability) {
    io.vethtrace.v1.Outlook.Builder message =
        io.vethtrace.v1.Outlook.newBuilder().setWhy(capability.why());
    capability.causes().forEach(cause -> message.addCauses(Finding.Cause.valueOf(cause.name())));
    capability
        .confidence()
        .ifPresent(known -> message.setConfidence(Finding.Confidence.valueOf(known.name())));
    return message.build();
  }
}
