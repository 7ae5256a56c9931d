package io.vethtrace.cli.connect;

import io.vethtrace.cli.Interruption;
import io.vethtrace.v1.DoctorResponse;
import java.util.List;

/** {@code vethtraced --examine} as this program's child: it looks once what this kernel allows. */
public final class Examination {
  private Examination() {}

  /** What the child says. */
  public static DoctorResponse run(Interruption interruption) {
    DoctorResponse.Builder message = DoctorResponse.newBuilder();
    new OneShot("examination", List.of("--examine")).run(interruption, message);
    return message.build();
  }
}
