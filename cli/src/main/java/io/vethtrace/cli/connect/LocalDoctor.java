package io.vethtrace.cli.connect;

import io.vethtrace.cli.exit.Interruption;
import io.vethtrace.v1.DoctorResponse;
import java.time.Duration;
import java.util.List;

/** Examines the kernel once with a child process, {@code vethtraced --examine}. */
public final class LocalDoctor {
  /** A guest without KVM needs tens of seconds for a JVM with all its probes. */
  private static final Duration TIME_LIMIT = Duration.ofMinutes(5);

  private LocalDoctor() {}

  /** Returns the report of the child process. */
  public static DoctorResponse run(Interruption interruption) {
    DoctorResponse.Builder message = DoctorResponse.newBuilder();
    new SingleTaskDaemon("examination", List.of("--examine"), TIME_LIMIT)
        .run(interruption, message);
    return message.build();
  }
}
