package io.vethtrace.daemon.kernel;

import java.util.Set;

/**
 * What a result of fib_validate_source means (net/ipv4/fib_frontend.c). 0 and 1 are success, 1 with
 * a source of host scope. A failure is −EINVAL or −EXDEV up to 6.12; since 6.13 it is a negative
 * drop reason. The enum in BTF tells the two apart: IP_LOCAL_SOURCE came with the same series.
 */
public sealed interface SourceValidation {
  String IP_LOCAL_SOURCE = "IP_LOCAL_SOURCE";
  String IP_INVALID_SOURCE = "IP_INVALID_SOURCE";
  String IP_RPFILTER = "IP_RPFILTER";

  /** The source may be as it is. */
  record Accepted(boolean hostScope) implements SourceValidation {}

  /**
   * The packet is refused because of its source address.
   *
   * @param result what the function returned, negative
   * @param reason a drop reason's name where it is certain; else the errno's name or the number
   * @param certain whether {@code reason} is the one possible meaning
   * @param possible the drop reasons that the result can stand for; empty when it is not known here
   */
  record Refused(int result, String reason, boolean certain, Set<String> possible)
      implements SourceValidation {
    public Refused {
      if (result >= 0) {
        throw new IllegalArgumentException("result=" + result + " is no refusal");
      }
      possible = Set.copyOf(possible);
    }

    /** Whether this drop reason is the meaning, or one of those that the result can have. */
    public boolean maybe(String dropReason) {
      return possible.contains(dropReason);
    }
  }

  /** The meaning of {@code result} on the kernel that has these drop reasons. */
  static SourceValidation of(int result, DropReasons reasons) {
    if (result >= 0) {
      return new Accepted(result > 0);
    }
    return reasons.number(IP_LOCAL_SOURCE).isPresent()
        ? refusedWithReason(result, reasons)
        : refusedWithErrno(result);
  }

  private static Refused refusedWithReason(int result, DropReasons reasons) {
    return reasons
        .name(-result)
        .map(name -> new Refused(result, name, true, Set.of(name)))
        .orElseGet(() -> new Refused(result, reasons.nameOrNumber(-result), false, Set.of()));
  }

  /**
   * Up to 6.12 the function makes two errnos: −EXDEV where the reverse path differs, −EINVAL for a
   * source that is local while accept_local is off, and for one that is neither unicast nor local
   * (e_rpf and e_inval). Any other number comes from a kernel with reasons whose names BTF lacks.
   */
  private static Refused refusedWithErrno(int result) {
    return switch (-result) {
      case Errno.EXDEV -> new Refused(result, IP_RPFILTER, true, Set.of(IP_RPFILTER));
      case Errno.EINVAL ->
          new Refused(result, "EINVAL", false, Set.of(IP_LOCAL_SOURCE, IP_INVALID_SOURCE));
      default -> new Refused(result, Integer.toUnsignedString(-result), false, Set.of());
    };
  }
}
