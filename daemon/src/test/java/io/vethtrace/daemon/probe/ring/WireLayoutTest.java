package io.vethtrace.daemon.probe.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.filter.FrameLayout;
import io.vethtrace.daemon.kernel.btf.Btf;
import io.vethtrace.daemon.probe.counter.CounterKind;
import io.vethtrace.daemon.probe.counter.PacketCounterLayout;
import io.vethtrace.daemon.probe.counter.ProbeHitCounters;
import io.vethtrace.daemon.probe.counter.TrafficKind;
import io.vethtrace.daemon.probe.object.TraceFilterLayout;
import io.vethtrace.daemon.trace.Hook;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code bpf/wire.h}, as the compiled BTF has it, against the Java side; in both directions. */
class WireLayoutTest {
  private record Place(String name, long offset, long sizeBytes) {}

  private static Btf wire;

  @BeforeAll
  static void read_the_compiled_wire_format() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            WireLayoutTest.class.getResourceAsStream("/io/vethtrace/bpf/wire.btf"))) {
      wire = Btf.parse(ByteBuffer.wrap(in.readAllBytes()));
    }
  }

  @Test
  void every_field_of_an_event_lies_where_the_kernel_side_puts_it() {
    assertSame("vt_event", EventLayout.EVENT);
  }

  @Test
  void every_setting_lies_where_the_kernel_side_puts_it() {
    assertSame("vt_source_settings", EventLayout.SETTINGS);
  }

  @Test
  void every_counter_lies_where_the_kernel_side_puts_it() {
    assertSame("vt_hook_counters", ProbeHitCounters.LAYOUT);
  }

  @Test
  void every_exact_count_lies_where_the_kernel_side_puts_it() {
    assertSame("vt_packet_counter_key", PacketCounterLayout.KEY);
    assertSame("vt_packet_counter", PacketCounterLayout.COUNTER);
  }

  @Test
  void what_is_counted_has_the_number_of_the_kernel_side() {
    assertThat(numbers(TrafficKind.values())).isEqualTo(enumeration("vt_traffic", "VT_TRAFFIC_"));
    Map<String, Long> tallied = numbers(CounterKind.values());
    tallied.put("MAX", (long) CounterKind.values().length);
    assertThat(tallied).isEqualTo(enumeration("vt_counter_kind", "VT_COUNTER_KIND_"));
  }

  private static Map<String, Long> numbers(Enum<?>[] values) {
    Map<String, Long> numbers = new TreeMap<>();
    for (Enum<?> value : values) {
      numbers.put(value.name(), (long) numbers.size());
    }
    return numbers;
  }

  @Test
  void every_option_lies_where_the_kernel_side_puts_it() {
    assertSame("vt_trace_filter", TraceFilterLayout.OPTIONS);
  }

  @Test
  void every_field_of_a_filters_frame_lies_where_the_kernel_side_puts_it() {
    assertSame("vt_frame", FrameLayout.FRAME);
  }

  @Test
  void counters_take_their_fields_in_the_order_of_the_struct() {
    List<String> components =
        Arrays.stream(ProbeHitCounters.class.getRecordComponents()).map(c -> c.getName()).toList();
    List<String> fields =
        ProbeHitCounters.LAYOUT.memberLayouts().stream().map(f -> f.name().orElseThrow()).toList();
    assertThat(components).isEqualTo(fields);
  }

  @Test
  void every_hook_has_the_number_of_the_kernel_side() {
    Map<String, Long> expected = enumeration("vt_hook", "VT_HOOK_");
    Map<String, Long> actual = new TreeMap<>();
    long number = 0;
    for (Hook hook : Hook.values()) {
      actual.put(hook.name(), number++);
    }
    actual.put("MAX", (long) Hook.values().length);
    assertThat(actual).isEqualTo(expected);
  }

  @Test
  void every_flag_has_the_bit_of_the_kernel_side() throws IllegalAccessException {
    Map<String, Long> actual = new TreeMap<>();
    for (Field field : EventLayout.class.getDeclaredFields()) {
      if (field.getName().startsWith("FLAG_")) {
        actual.put(field.getName().substring("FLAG_".length()), (long) field.getInt(null));
      }
    }
    assertThat(actual).isEqualTo(enumeration("vt_flag", "VT_FLAG_"));
  }

  private static void assertSame(String structName, StructLayout layout) {
    Btf.Struct struct = wire.struct(structName).orElseThrow();
    assertThat(places(layout)).isEqualTo(places(struct));
    assertThat(layout.byteSize()).isEqualTo(struct.byteSize());
  }

  private static List<Place> places(Btf.Struct struct) {
    return struct.members().stream()
        .map(member -> new Place(member.name(), member.byteOffset(), member.byteSize()))
        .toList();
  }

  private static List<Place> places(StructLayout layout) {
    return layout.memberLayouts().stream().map(field -> place(layout, field)).toList();
  }

  private static Place place(StructLayout layout, MemoryLayout field) {
    String name = field.name().orElseThrow();
    return new Place(name, layout.byteOffset(PathElement.groupElement(name)), field.byteSize());
  }

  private static Map<String, Long> enumeration(String name, String prefix) {
    return wire.enumValues(name).orElseThrow().entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> withoutPrefix(entry.getKey(), prefix),
                Map.Entry::getValue,
                (a, b) -> a,
                TreeMap::new));
  }

  private static String withoutPrefix(String enumerator, String prefix) {
    assertThat(enumerator).startsWith(prefix);
    return enumerator.substring(prefix.length()).toUpperCase(Locale.ROOT);
  }
}
