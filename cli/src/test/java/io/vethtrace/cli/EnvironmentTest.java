package io.vethtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vethtrace.cli.print.Times;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
  @Test
  void a_choice_is_read_in_upper_or_lower_case() {
    assertThat(Environment.choice("VETHTRACE_TIME", "utc", Times.Kind.class))
        .isEqualTo(Times.Kind.UTC);
    assertThat(Environment.choice("VETHTRACE_OUTPUT", "JSON", OutputFormat.class))
        .isEqualTo(OutputFormat.JSON);
  }

  @Test
  void a_value_that_is_none_is_named_with_its_variable() {
    assertThatThrownBy(() -> Environment.choice("VETHTRACE_COLOR", "pink", Colour.class))
        .isInstanceOf(Failure.class)
        .hasMessage("VETHTRACE_COLOR is 'pink'; set it to auto or always or never");
  }

  @Test
  void what_is_wanted_always_or_never_does_not_ask_for_a_terminal() {
    assertThat(Colour.ALWAYS.isWanted(false)).isTrue();
    assertThat(Colour.NEVER.isWanted(true)).isFalse();
    assertThat(Colour.AUTO.isWanted(false)).isFalse();
  }
}
