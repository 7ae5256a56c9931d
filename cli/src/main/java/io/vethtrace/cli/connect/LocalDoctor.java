package io.vethtrace.cli.connect;

import io.vethtrace.cli.exit.Interruption;
import io.vethtrace.v1.DoctorResponse;
import java.time.Duration;
import java.util.List;

/** {@code vethtraced --examine} as this program's child: it looks once what this kernel allows. */
public final class LocalDoctor {
  /** A guest without KVM needs tens of seconds for a JVM with all its probes. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private LocalDoctor() {}

  /** What the child says. */
  public static DoctorResponse run(Interruption interruption) {
    DoctorResponse.Builder message = DoctorResponse.newBuilder();
    new SingleTaskDaemon("examination", List.of("--examine"), PATIENCE).run(interruption, message);
    return message.build();
  }
}
