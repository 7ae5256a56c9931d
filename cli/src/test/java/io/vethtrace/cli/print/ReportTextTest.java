package io.vethtrace.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.cli.Fixture;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Journey;
import io.vethtrace.v1.WhyReport;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReportTextTest {
  private static final WhyReport.Command PING =
      WhyReport.Command.newBuilder()
          .addAllArgv(List.of("ping", "-c", "1", "-I", "veth0", "192.168.1.2"))
          .setExitCode(1)
          .build();

  private static String text(WhyReport report, String stopped) {
    return ReportText.of(report.toBuilder().setCommand(PING).build(), stopped, Style.PLAIN);
  }

  @Test
  void a_finding_begins_with_what_is_wrong_and_ends_with_what_to_type() {
    String text = text(Fixture.sourceAddressIsLocal(), "");
    assertThat(text).isEqualTo(Fixture.text("source-address-is-local.txt"));
    assertThat(text.lines().reduce((_, last) -> last))
        .hasValue("  ip netns exec vt-lab-1-1 sysctl -w net.ipv4.conf.veth1.accept_local=1");
  }

  @Test
  void what_is_inferred_or_lost_is_said_plainly() {
    assertThat(text(Fixture.loopbackDownInferred(), "interrupted"))
        .isEqualTo(Fixture.text("loopback-down-inferred.txt"));
  }

  @Test
  void a_healthy_command_shows_the_way_of_its_packets() {
    assertThat(text(Fixture.healthy(), "")).isEqualTo(Fixture.text("healthy.txt"));
  }

  @Test
  void loss_without_a_finding_is_no_clean_bill() {
    assertThat(text(Fixture.healthy().toBuilder().setLostEvents(-1).build(), ""))
        .contains("4294967295 events were lost")
        .contains("? no fault was seen; the lost events may hide one.")
        .doesNotContain("✓");
  }

  @Test
  void a_long_way_shows_where_it_began_and_where_it_ended() {
    WhyReport.Builder report = Fixture.sourceAddressIsLocal().toBuilder();
    Journey.Builder journey = report.getFindingsBuilder(0).getJourneyBuilder().clearHops();
    for (int device = 0; device < 9; device++) {
      journey.addHopsBuilder().setHook("netif_receive_skb").setInterface("port" + device);
    }
    assertThat(text(report.build(), ""))
        .contains("port0", "port1", "… 4 more; -o json has them all", "port6", "port7", "port8")
        .doesNotContain("port2", "port5");
  }

  @Test
  void a_drop_reason_is_told_as_seen_only_where_a_sight_bears_it() {
    String told = "drop reason IP_LOCAL_SOURCE";
    WhyReport.Builder report = Fixture.sourceAddressIsLocal().toBuilder();
    Finding.Builder finding = report.getFindingsBuilder(0);
    finding.setDropReason("IP_LOCAL_SOURCE").clearReturnValue();
    assertThat(text(report.build(), "").replaceAll("\\s+", " ")).doesNotContain(told);
    finding.getJourneyBuilder().addHopsBuilder().setDropReason("IP_LOCAL_SOURCE");
    assertThat(text(report.build(), "").replaceAll("\\s+", " ")).contains(told);
  }

  @Test
  void no_line_but_a_command_is_wider_than_the_terminal() {
    assertThat(text(Fixture.sourceAddressIsLocal(), "").lines())
        .allMatch(line -> LineWrapping.length(line) <= TextLayout.WIDTH);
  }

  @Test
  void names_cannot_reach_the_terminal_as_control_sequences() {
    WhyReport.Builder report = Fixture.sourceAddressIsLocal().toBuilder();
    report.getFindingsBuilder(0).setTitle("\033[2Jgone\rover").setNetns("a\007b");
    assertThat(text(report.build(), "")).contains("?[2Jgone?over").doesNotContain("\033", "\007");
  }

  @ParameterizedTest
  @EnumSource(Finding.Cause.class)
  void every_cause_can_be_printed(Finding.Cause cause) {
    WhyReport.Builder report = WhyReport.newBuilder();
    if (cause != Finding.Cause.UNRECOGNIZED) {
      report.addFindingsBuilder().setCause(cause);
      assertThat(text(report.build(), "")).contains("cause   " + cause.name());
    }
  }

  @Test
  void colour_changes_nothing_but_the_colour() {
    String coloured =
        ReportText.of(
            Fixture.sourceAddressIsLocal().toBuilder().setCommand(PING).build(), "", Style.COLOUR);
    assertThat(coloured).contains("\033[1;31m✗\033[0m");
    assertThat(coloured.replaceAll("\033\\[[0-9;]*m", ""))
        .isEqualTo(Fixture.text("source-address-is-local.txt"));
  }
}
