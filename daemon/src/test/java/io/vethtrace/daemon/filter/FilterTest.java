package io.vethtrace.daemon.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.fixture.Expressions;
import io.vethtrace.daemon.fixture.RandomFrames;
import io.vethtrace.daemon.fixture.TcpdumpFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
  private static final int FRAMES = 1200;
  static final List<String> EXPRESSIONS = Expressions.ALL;

  @ParameterizedTest
  @FieldSource("EXPRESSIONS")
  void frames_match_here_as_in_libpcap(String expression) throws Exception {
    RandomFrames frames = new RandomFrames(42);
    try (TcpdumpFilter libpcap = new TcpdumpFilter(expression)) {
      Filter filter = compiled(expression);
      for (int i = 0; i < FRAMES; i++) {
        byte[] frame = frames.next();
        int length = frame.length + i % 3 * 40;
        assertThat(filter.matches(frame, length))
            .as("frame %d of '%s'", i, expression)
            .isEqualTo(libpcap.matches(frame, length));
      }
    }
  }

  @Test
  void most_expressions_match_some_frames_and_not_others() {
    List<String> idle = new ArrayList<>();
    for (String expression : EXPRESSIONS) {
      Filter filter = compiled(expression);
      RandomFrames frames = new RandomFrames(42);
      long matched =
          Stream.generate(frames::next)
              .limit(4 * FRAMES)
              .filter(frame -> filter.matches(frame, frame.length))
              .count();
      if (matched == 0 || matched == 4 * FRAMES) {
        idle.add(expression);
      }
    }
    assertThat(idle).hasSizeLessThan(EXPRESSIONS.size() / 10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcpp", "host", "port http and (", "ip[", "vlan 5000", "1/0 = 1"})
  void what_libpcap_refuses_is_refused_in_its_words(String expression) {
    assertThat(Filter.compile(expression))
        .isInstanceOfSatisfying(
            Filter.Compilation.Refused.class,
            refused ->
                assertThat(refused.sentence())
                    .startsWith("no filter: '" + expression + "': ")
                    .hasSizeGreaterThan(("no filter: '" + expression + "': ").length() + 5)
                    .doesNotContain("\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"inbound", "ip protochain 6", "ip6 protochain 6", "tcp or ip protochain 51"})
  void what_no_loop_free_program_can_tell_from_a_frame_is_refused(String expression) {
    assertThat(Filter.compile(expression))
        .isInstanceOfSatisfying(
            Filter.Compilation.Refused.class,
            refused ->
                assertThat(refused.sentence()).containsAnyOf("it loops", "not in the frame"));
  }

  @Test
  void a_filter_for_which_there_is_no_room_is_refused() {
    String bytes =
        IntStream.range(0, 600)
            .mapToObj(i -> "ether[%d] = %d".formatted(i, i % 200))
            .collect(Collectors.joining(" or "));
    assertThat(Filter.compile(bytes))
        .isInstanceOfSatisfying(
            Filter.Compilation.Refused.class,
            refused ->
                assertThat(refused.sentence())
                    .contains("it is too long")
                    .contains(Filter.ROOM + " fit"));
  }

  private static Filter compiled(String expression) {
    return switch (Filter.compile(expression)) {
      case Filter.Compilation.Compiled(Filter filter) -> filter;
      case Filter.Compilation.Refused(String sentence) -> throw new AssertionError(sentence);
    };
  }
}
