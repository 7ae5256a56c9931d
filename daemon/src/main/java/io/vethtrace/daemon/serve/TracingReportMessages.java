package io.vethtrace.daemon.serve;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.vethtrace.daemon.diagnose.DetectionCapability;
import io.vethtrace.daemon.engine.TracingReport;
import io.vethtrace.v1.Check;
import io.vethtrace.v1.DoctorResponse;
import io.vethtrace.v1.Finding;

/** A checkup as a message of vethtrace.v1. */
public final class TracingReportMessages {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();

  private TracingReportMessages() {}

  static DoctorResponse response(TracingReport checkup, String version) {
    DoctorResponse.Builder response =
        DoctorResponse.newBuilder()
            .setVersion(version)
            .setKernel(checkup.kernel().release())
            .setMachine(checkup.kernel().machine())
            .setTracingPossible(checkup.tracingPossible());
    checkup.checks().forEach(check -> response.addChecks(check(check)));
    checkup.probes().forEach(probe -> response.addProbes(StatusMessages.probe(probe)));
    checkup.outlooks().forEach(outlook -> response.addOutlooks(outlook(outlook)));
    return response.build();
  }

  /** The message as one line of JSON. */
  public static String json(TracingReport checkup, String version) {
    try {
      return PRINTER.print(response(checkup, version));
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

  private static io.vethtrace.v1.Outlook outlook(DetectionCapability outlook) {
    io.vethtrace.v1.Outlook.Builder message =
        io.vethtrace.v1.Outlook.newBuilder().setWhy(outlook.why());
    outlook.causes().forEach(cause -> message.addCauses(Finding.Cause.valueOf(cause.name())));
    outlook
        .confidence()
        .ifPresent(known -> message.setConfidence(Finding.Confidence.valueOf(known.name())));
    return message.build();
  }
}
