package io.vethtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.cli.exit.Interruption;
import io.vethtrace.cli.option.DropGrouping;
import io.vethtrace.v1.WatchFilter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.ParseResult;

/** Scripts that use the earlier names of options go on working. */
class EarlierOptionNamesTest {
  private static ParseResult parsed(String line) {
    return Vethtrace.commandLine(Console.ofProcess(), new Interruption())
        .parseArgs(line.split(" ", -1))
        .subcommand();
  }

  @ParameterizedTest
  @CsvSource({
    "why --timeout 5s true, why --duration 5s true, --duration",
    "why --timeout=5s true, why --duration=5s true, --duration",
    "why --netns blue true, why --also-netns blue true, --also-netns",
    "watch --first 3, watch --count 3, -c",
    "watch --first=3, watch -c 3, --count",
    "watch --input a.vt, watch --recording a.vt, --recording",
    "explain a.pcap --events a.vt, explain a.pcap --recording a.vt, --recording",
    "drops --place f, drops --location f, --location",
    "drops --all, drops --harmless, --harmless",
    "drops --all icmp, drops --harmless icmp, --harmless",
    "capture -w f --hold 2s, capture -w f --settle 2s, --settle",
  })
  void an_earlier_name_does_what_its_successor_does(String earlier, String now, String option) {
    Object value = parsed(now).matchedOptionValue(option, null);
    assertThat(value).isNotNull();
    Object byEarlierName = parsed(earlier).matchedOptionValue(option, null);
    assertThat(byEarlierName).isEqualTo(value);
  }

  @Test
  void a_list_takes_values_by_both_names() {
    assertThat(
            parsed("drops --place a --location b --place=c")
                .<List<String>>matchedOptionValue("--location", List.of()))
        .containsExactly("a", "b", "c");
  }

  @Test
  void words_of_the_investigated_command_keep_their_names() {
    assertThat(parsed("why timeout --timeout 5").<List<String>>matchedPositionalValue(0, List.of()))
        .containsExactly("timeout", "--timeout", "5");
    assertThat(parsed("why --timeout 1s true").matchedOptionValue("--duration", Duration.ZERO))
        .isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void a_location_may_be_called_place_and_a_reason_drop_reason() {
    assertThat(
            parsed("drops --by reason,place")
                .<List<DropGrouping>>matchedOptionValue("--by", List.of()))
        .containsExactly(DropGrouping.REASON, DropGrouping.LOCATION);
    assertThat(
            parsed("watch --only drop-reason=NO_SOCKET")
                .<List<WatchFilter>>matchedOptionValue("--only", List.of()))
        .containsExactly(WatchFilter.newBuilder().addDropReasons("NO_SOCKET").build());
  }

  @ParameterizedTest
  @CsvSource({
    "why, --timeout",
    "why, ' --netns'",
    "watch, --first",
    "watch, --input",
    "explain, --events",
    "drops, --place",
    "drops, --all",
    "capture, --hold",
  })
  void help_does_not_show_it(String command, String name) {
    assertThat(InProcess.run(new Interruption(), command, "--help").out()).doesNotContain(name);
  }
}
