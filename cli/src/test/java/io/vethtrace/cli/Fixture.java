package io.vethtrace.cli;

import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.vethtrace.v1.CaptureReport;
import io.vethtrace.v1.DoctorResponse;
import io.vethtrace.v1.StatusResponse;
import io.vethtrace.v1.WhyReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Messages as a daemon sends them, from files beside the tests. */
public final class Fixture {
  private Fixture() {}

  public static WhyReport sourceAddressIsLocal() {
    return report("source-address-is-local.json");
  }

  public static WhyReport loopbackDownInferred() {
    return report("loopback-down-inferred.json");
  }

  public static WhyReport healthy() {
    return report("healthy.json");
  }

  public static StatusResponse status() {
    return read("status.json", StatusResponse.newBuilder()).build();
  }

  public static DoctorResponse doctor() {
    return read("doctor.json", DoctorResponse.newBuilder()).build();
  }

  public static CaptureReport captures() {
    return read("captures.json", CaptureReport.newBuilder()).build();
  }

  private static WhyReport report(String name) {
    return read(name, WhyReport.newBuilder()).build();
  }

  private static <B extends Message.Builder> B read(String name, B builder) {
    try {
      JsonFormat.parser().merge(text(name), builder);
      return builder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file beside the tests, as it is. */
  public static String text(String name) {
    try (InputStream in = Fixture.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("no fixture " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
