package io.vethtrace.daemon.kernel.drop;

import io.vethtrace.daemon.kernel.netlink.Errno;
import java.util.Set;

/**
 * The meaning of a result of fib_validate_source (net/ipv4/fib_frontend.c). 0 and 1 are success; 1
 * means a source of host scope. A failure is −EINVAL or −EXDEV up to 6.12, and a negative drop
 * reason since 6.13. BTF tells the two apart ({@link DropReasons#areReturnedBySourceCheck}).
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
   * @param result the result of the function, negative
   * @param reason a drop reason's name where it is certain; else the errno's name or the number
   * @param certain whether {@code reason} is the one possible meaning
   * @param possibleReasons the drop reasons that the result can stand for; empty when it is not
   *     known here
   */
  record Refused(int result, String reason, boolean certain, Set<String> possibleReasons)
      implements SourceCheckResult {
    public Refused {
      if (result >= 0) {
        throw new IllegalArgumentException("result=" + result + " is no refusal");
      }
      possibleReasons = Set.copyOf(possibleReasons);
    }

    /** Returns true if the result means this drop reason, or can mean it. */
    public boolean canMean(String dropReason) {
      return possibleReasons.contains(dropReason);
    }
  }

  /** The meaning of {@code result} on the kernel that has these drop reasons. */
  static SourceCheckResult of(int result, DropReasons reasons) {
    if (result >= 0) {
      return new Accepted(result > 0);
    }
    return reasons.areReturnedBySourceCheck()
        ? refusedWithReason(result, reasons)
        : refusedWithErrno(result);
  }

  private static Refused refusedWithReason(int result, DropReasons reasons) {
    return reasons
        .name(-result)
        .map(name -> new Refused(result, name, true, Set.of(name)))
        .orElseGet(() -> unnamed(result, reasons));
  }

  /**
   * Describes a result without a name. If BTF names the reasons of fib_validate_source, the result
   * is none of them.
   */
  private static Refused unnamed(int result, DropReasons reasons) {
    boolean othersAreNamed = reasons.number(IP_LOCAL_SOURCE).isPresent();
    return new Refused(
        result, reasons.nameOrNumber(-result), false, othersAreNamed ? Set.of() : REASONS);
  }

  /**
   * Explains an errno. Up to 6.12 the function returns two errnos: −EXDEV if the reverse path
   * differs, −EINVAL for a source that is local while accept_local is off, and for one that is
   * neither unicast nor local (e_rpf and e_inval). Any other number is a drop reason on a kernel
   * without BTF.
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
