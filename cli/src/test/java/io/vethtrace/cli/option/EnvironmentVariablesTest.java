package io.vethtrace.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.print.TimeFormat;
import org.junit.jupiter.api.Test;

class EnvironmentVariablesTest {
  @Test
  void a_choice_is_read_in_upper_or_lower_case() {
    assertThat(EnvironmentVariables.choice("VETHTRACE_TIME", "utc", TimeFormat.Clock.class))
        .isEqualTo(TimeFormat.Clock.UTC);
    assertThat(EnvironmentVariables.choice("VETHTRACE_OUTPUT", "JSON", OutputFormat.class))
        .isEqualTo(OutputFormat.JSON);
  }

  @Test
  void a_value_that_is_none_is_named_with_its_variable() {
    assertThatThrownBy(
            () -> EnvironmentVariables.choice("VETHTRACE_COLOR", "pink", ColourMode.class))
        .isInstanceOf(Failure.class)
        .hasMessage("VETHTRACE_COLOR is 'pink'; set it to auto or always or never");
  }

  @Test
  void what_is_wanted_always_or_never_does_not_ask_for_a_terminal() {
    assertThat(ColourMode.ALWAYS.isWanted(false)).isTrue();
    assertThat(ColourMode.NEVER.isWanted(true)).isFalse();
    assertThat(ColourMode.AUTO.isWanted(false)).isFalse();
  }
}
