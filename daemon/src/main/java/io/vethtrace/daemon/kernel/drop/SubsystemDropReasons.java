package io.vethtrace.daemon.kernel.drop;

import io.vethtrace.daemon.kernel.btf.Btf;
import io.vethtrace.daemon.kernel.btf.MalformedBtfException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The drop reasons that subsystems have beside {@code enum skb_drop_reason}, each in an enum of its
 * own: in the kernel's BTF where the subsystem is built in, else in that of its module while it is
 * loaded.
 *
 * @param names by number, with the subsystem's name before them: "OPENVSWITCH:METER"
 * @param unnamed the subsystems whose reasons stay numbers
 */
record SubsystemDropReasons(SortedMap<Integer, String> names, SortedSet<String> unnamed) {
  private static final Path MODULES = Path.of("/sys/kernel/btf");

  /** An enum with the reasons of some subsystems, and what its names begin with. */
  private record Source(String enumName, String module, String prefix) {}

  private static final List<Source> SOURCES =
      List.of(
          // include/net/dropreason-qdisc.h (7.3)
          new Source("qdisc_drop_reason", "", "QDISC_DROP_"),
          // net/openvswitch/drop.h (6.6)
          new Source("ovs_drop_reason", "openvswitch", "OVS_DROP_"),
          // net/mac80211/drop.h (6.4)
          new Source("mac80211_drop_reason", "mac80211", "RX_DROP_"));

  /** {@code subsystems}: their names by number, 0 being the core. */
  static SubsystemDropReasons of(Btf btf, Map<Integer, String> subsystems) {
    SortedMap<Integer, String> names = new TreeMap<>();
    for (Source source : SOURCES) {
      enumerators(btf, source)
          .forEach((name, value) -> {
            String subsystem = subsystems.get((int) (value >>> DropReasons.SUBSYS_SHIFT));
            if (isReason(source, name, value) && subsystem != null) {
              names.put(value.intValue(), subsystem + ":" + name.substring(source.prefix.length()));
            }
          });
    }
    return new SubsystemDropReasons(names, unnamed(subsystems, names));
  }

  /** The enum's start and end have no prefix, or are no values of the subsystem's. */
  private static boolean isReason(Source source, String name, long value) {
    return name.startsWith(source.prefix)
        && value >>> DropReasons.SUBSYS_SHIFT != 0
        && !name.equals(source.prefix + "MAX");
  }

  private static Map<String, Long> enumerators(Btf btf, Source source) {
    return btf.enumValues(source.enumName).orElseGet(() -> ofModule(btf, source));
  }

  private static Map<String, Long> ofModule(Btf btf, Source source) {
    Path file = MODULES.resolve(source.module);
    if (source.module.isEmpty() || !Files.isRegularFile(file)) {
      return Map.of();
    }
    try {
      return btf.module(file).enumValues(source.enumName).orElse(Map.of());
    } catch (IOException | MalformedBtfException e) {
      return Map.of();
    }
  }

  private static SortedSet<String> unnamed(
      Map<Integer, String> subsystems, SortedMap<Integer, String> names) {
    SortedSet<String> unnamed = new TreeSet<>();
    List<Integer> named = new ArrayList<>();
    names.keySet().forEach(number -> named.add(number >>> DropReasons.SUBSYS_SHIFT));
    subsystems.forEach((number, subsystem) -> {
      if (number != 0 && !named.contains(number)) {
        unnamed.add(subsystem);
      }
    });
    return unnamed;
  }
}
