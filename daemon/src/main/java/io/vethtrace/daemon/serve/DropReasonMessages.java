package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.kernel.drop.DropReasonExplanations;
import io.vethtrace.daemon.kernel.drop.DropReasons;
import io.vethtrace.v1.DropReason;
import io.vethtrace.v1.ListDropReasonsResponse;

/** Makes messages of the running kernel's drop reasons. */
final class DropReasonMessages {
  private static final String CORE = "CORE";

  private DropReasonMessages() {}

  static ListDropReasonsResponse response(DropReasons reasons, String kernel) {
    ListDropReasonsResponse.Builder response =
        ListDropReasonsResponse.newBuilder().setKernel(kernel).setLimit(limit(reasons));
    reasons
        .all()
        .forEach(
            (number, name) -> response.addReasons(reason(number, name, reasons.isDrop(number))));
    return response.build();
  }

  private static DropReason reason(int number, String name, boolean isDrop) {
    int colon = name.indexOf(':');
    return DropReason.newBuilder()
        .setSubsystem(colon < 0 ? CORE : name.substring(0, colon))
        .setName(name.substring(colon + 1))
        .setNumber(number)
        .setExplanation(DropReasonExplanations.of(name).orElse(""))
        .setIsDrop(isDrop)
        .build();
  }

  private static String limit(DropReasons reasons) {
    if (!reasons.areNamed()) {
      return "this kernel has no drop reasons, which came with 5.17, or its BTF does not name them;"
          + " the place says where a packet was dropped";
    }
    return reasons.unnamedSubsystems().isEmpty()
        ? ""
        : "the reasons of %s stay numbers: no such module was loaded when the daemon started"
            .formatted(String.join(", ", reasons.unnamedSubsystems()));
  }
}
