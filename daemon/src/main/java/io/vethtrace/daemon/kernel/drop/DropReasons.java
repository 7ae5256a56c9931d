package io.vethtrace.daemon.kernel.drop;

import io.vethtrace.daemon.kernel.btf.Btf;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The running kernel's {@code enum skb_drop_reason}. Its numbers move from release to release
 * (include/net/dropreason-core.h), so only the names are stable. Kernels before 5.17 have none.
 *
 * <p>Since 6.4 the upper 16 bits name a subsystem (include/net/dropreason.h), whose reasons are in
 * an enum of its own ({@link SubsystemDropReasons}); where that is not known they stay numbers,
 * with the subsystem's name where BTF has it.
 *
 * <p>BTF may lack the names, which a vendor can strip: then all reasons are numbers.
 */
public final class DropReasons {
  private static final String PREFIX = "SKB_DROP_REASON_";
  private static final String OTHER_PREFIX = "SKB_";
  private static final String SUBSYS_PREFIX = "SKB_DROP_REASON_SUBSYS_";
  private static final String ENUM = "skb_drop_reason";
  // The first reason of all (5.17); what was put before it since says that an skb was not dropped.
  private static final String FIRST_DROP = "NOT_SPECIFIED";
  private static final Set<String> NO_DROPS = Set.of("NOT_DROPPED_YET", "CONSUMED");
  // SKB_DROP_REASON_SUBSYS_SHIFT, include/net/dropreason.h (6.4)
  static final int SUBSYS_SHIFT = 16;

  private final SortedMap<Integer, String> names;
  private final Map<String, Integer> numbers;
  private final Map<Integer, String> subsystems;
  private final SortedSet<String> unnamed;
  private final boolean areReturnedBySourceCheck;

  private DropReasons(
      SortedMap<Integer, String> names,
      Map<Integer, String> subsystems,
      SortedSet<String> unnamed,
      boolean returnedByRouting) {
    this.areReturnedBySourceCheck = returnedByRouting;
    this.names = Collections.unmodifiableSortedMap(names);
    this.subsystems = Map.copyOf(subsystems);
    this.unnamed = Collections.unmodifiableSortedSet(unnamed);
    numbers = new HashMap<>();
    names.forEach((number, name) -> numbers.put(name, number));
  }

  /** Those of the running kernel; none where it has no BTF. */
  public static DropReasons ofRunningKernel() {
    try {
      return of(Btf.read(Btf.RUNNING_KERNEL));
    } catch (IOException e) {
      return none();
    }
  }

  /** Returns reasons without names: each is shown as its number. */
  public static DropReasons none() {
    return new DropReasons(new TreeMap<>(), Map.of(), new TreeSet<>(), false);
  }

  /** Those of the kernel whose BTF this is. */
  public static DropReasons of(Btf btf) {
    SortedMap<Integer, String> names = new TreeMap<>();
    btf.enumValues(ENUM)
        .orElse(Map.of())
        .forEach((name, value) -> {
          if (isReason(name)) {
            names.putIfAbsent(value.intValue(), withoutPrefix(name));
          }
        });
    Map<Integer, String> subsystems = new HashMap<>();
    btf.enumValues("skb_drop_reason_subsys")
        .orElse(Map.of())
        .forEach((name, value) -> {
          if (name.startsWith(SUBSYS_PREFIX) && !name.equals(SUBSYS_PREFIX + "NUM")) {
            subsystems.putIfAbsent(value.intValue(), name.substring(SUBSYS_PREFIX.length()));
          }
        });
    boolean returned =
        names.containsValue(SourceCheckResult.IP_LOCAL_SOURCE) || routingReturnsReasons(btf);
    SubsystemDropReasons others = SubsystemDropReasons.of(btf, subsystems);
    names.putAll(others.names());
    return new DropReasons(names, subsystems, others.unnamed(), returned);
  }

  /**
   * The series of 6.13 that made fib_validate_source return reasons, in an int, made its callers
   * return the enum (net/ipv4/route.c, ip_route_input_noref).
   */
  private static boolean routingReturnsReasons(Btf btf) {
    return btf.returnType("ip_route_input_noref").filter(ENUM::equals).isPresent();
  }

  private static boolean isReason(String name) {
    return name.startsWith(OTHER_PREFIX)
        && !name.equals(PREFIX + "MAX")
        && !name.startsWith(SUBSYS_PREFIX);
  }

  private static String withoutPrefix(String name) {
    if (name.startsWith(PREFIX)) {
      return name.substring(PREFIX.length());
    }
    return name.startsWith(OTHER_PREFIX) ? name.substring(OTHER_PREFIX.length()) : name;
  }

  /** Returns true if this kernel has drop reasons and its BTF names them. */
  public boolean areNamed() {
    return numbers.containsKey(FIRST_DROP);
  }

  /**
   * Returns true if fib_validate_source and its callers return negative drop reasons; otherwise
   * they return errnos.
   */
  public boolean areReturnedBySourceCheck() {
    return areReturnedBySourceCheck;
  }

  /** "IP_RPFILTER", "OPENVSWITCH:METER", "CONSUMED"; empty where BTF has no name for it. */
  public Optional<String> name(int number) {
    return Optional.ofNullable(names.get(number));
  }

  /** The name, else "OPENVSWITCH:3" for a subsystem's reason, else the number. */
  public String nameOrNumber(int number) {
    String name = names.get(number);
    if (name != null) {
      return name;
    }
    String subsystem = subsystems.get(number >>> SUBSYS_SHIFT);
    boolean ofSubsystem = number >>> SUBSYS_SHIFT != 0 && subsystem != null;
    return ofSubsystem ? subsystem + ":" + (number & 0xffff) : Integer.toUnsignedString(number);
  }

  /** The number of a name, with or without the kernel's prefix. */
  public OptionalInt number(String name) {
    Integer number = numbers.get(withoutPrefix(name));
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /**
   * Returns true if an skb that is freed for this reason was dropped. SKB_NOT_DROPPED_YET and
   * SKB_CONSUMED, which are below NOT_SPECIFIED, mean that it was not
   * (include/net/dropreason-core.h, 6.6).
   */
  public boolean isDrop(int number) {
    Integer first = numbers.get(FIRST_DROP);
    return first == null
        ? !NO_DROPS.contains(names.getOrDefault(number, ""))
        : Integer.compareUnsigned(number, first) >= 0;
  }

  /** The subsystems whose reasons stay numbers. */
  public SortedSet<String> unnamedSubsystems() {
    return unnamed;
  }

  /** All reasons by number. */
  public SortedMap<Integer, String> all() {
    return names;
  }
}
