package io.vethtrace.daemon.probe.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.vethtrace.daemon.filter.Filter;
import io.vethtrace.daemon.probe.attach.BpfObjectFiles;
import io.vethtrace.daemon.probe.attach.ProbePoint;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The bytes that are written into the objects, and the filters that are refused before. */
class TraceFilterTest {
  @TestFactory
  Stream<DynamicTest> every_object_has_the_room_for_a_filter_that_is_promised() {
    return Stream.of("x86_64", "arm64")
        .flatMap(architecture ->
            ProbePoint.ALL.stream()
                .map(ProbePoint::pointName)
                .map(name -> hasRoom(name, architecture)));
  }

  private static DynamicTest hasRoom(String name, String architecture) {
    return dynamicTest(
        name + " for " + architecture,
        () -> {
          byte[] elf = BpfObjectFiles.object(name, architecture);
          assertThat(PcapFilterSlot.find(elf).room()).isEqualTo(Filter.ROOM);
          assertThatCode(() -> TraceFilterLayout.find(elf)).doesNotThrowAnyException();
        });
  }

  @Test
  void an_object_without_the_mark_is_a_bug() {
    assertThatThrownBy(() -> PcapFilterSlot.find(new byte[64]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void more_places_than_there_is_room_for_are_refused() {
    List<Integer> nine = Collections.nCopies(9, 1);
    assertThatThrownBy(() -> new TraceFilter(Optional.empty(), nine, List.of()))
        .hasMessage("9 namespaces: at most 8 can be filtered by");
  }

  @Test
  void what_cannot_be_an_interfaces_name_is_refused() {
    for (String name : List.of("", "sixteen-letters!")) {
      assertThatThrownBy(() -> new TraceFilter(Optional.empty(), List.of(), List.of(name)))
          .hasMessageContaining("'" + name + "' cannot be an interface's name");
    }
  }
}
