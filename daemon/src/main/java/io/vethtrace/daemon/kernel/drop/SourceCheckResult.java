package io.vethtrace.daemon.kernel.drop;

import io.vethtrace.daemon.kernel.netlink.Errno;
import java.util.Set;

/**
 * What a result of fib_validate_source means (net/ipv4/fib_frontend.c). 0 and 1 are success, 1 with
 * a source of host scope. A failure is −EINVAL or −EXDEV up to 6.12; since 6.13 it is a negative
 * drop reason. BTF tells the two apart ({@link DropReasons#returnedByRouting}).
 */
public sealed interface SourceCheckResult {
  String IP_LOCAL_SOURCE = "IP_LOCAL_SOURCE";
  String IP_INVALID_SOURCE = "IP_INVALID_SOURCE";
  String IP_RPFILTER = "IP_RPFILTER";

  /** All that the function refuses for (net/ipv4/fib_frontend.c, 6.18). */
  Set<String> REASONS = Set.of(IP_LOCAL_SOURCE, IP_INVALID_SOURCE, IP_RPFILTER);

  /** The source may be as it is. */
  record Accepted(boolean hostScope) implements SourceCheckResult {}

  /**
   * The packet is refused because of its source address.
   *
   * @param result what the function returned, negative
   * @param reason a drop reason's name where it is certain; else the errno's name or the number
   * @param certain whether {@code reason} is the one possible meaning
   * @param possible the drop reasons that the result can stand for; empty when it is not known here
   */
  record Refused(int result, String reason, boolean certain, Set<String> possible)
      implements SourceCheckResult {
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
  static SourceCheckResult of(int result, DropReasons reasons) {
    if (result >= 0) {
      return new Accepted(result > 0);
    }
    return reasons.returnedByRouting()
        ? refusedWithReason(result, reasons)
        : refusedWithErrno(result);
  }

  private static Refused refusedWithReason(int result, DropReasons reasons) {
    return reasons
        .name(-result)
        .map(name -> new Refused(result, name, true, Set.of(name)))
        .orElseGet(() -> unnamed(result, reasons));
  }

  /** Where BTF names the function's own reasons, it is none of them. */
  private static Refused unnamed(int result, DropReasons reasons) {
    boolean othersAreNamed = reasons.number(IP_LOCAL_SOURCE).isPresent();
    return new Refused(
        result, reasons.nameOrNumber(-result), false, othersAreNamed ? Set.of() : REASONS);
  }

  /**
   * Up to 6.12 the function makes two errnos: −EXDEV where the reverse path differs, −EINVAL for a
   * source that is local while accept_local is off, and for one that is neither unicast nor local
   * (e_rpf and e_inval). Any other number is a reason after all, on a kernel without BTF.
   */
  private static Refused refusedWithErrno(int result) {
    return switch (-result) {
      case Errno.EXDEV -> new Refused(result, IP_RPFILTER, true, Set.of(IP_RPFILTER));
      case Errno.EINVAL ->
          new Refused(result, "EINVAL", false, Set.of(IP_LOCAL_SOURCE, IP_INVALID_SOURCE));
      default -> new Refused(result, Integer.toUnsignedString(-result), false, REASONS);
    };
  }
}
