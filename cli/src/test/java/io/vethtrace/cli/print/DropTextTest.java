package io.vethtrace.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.v1.Drop;
import io.vethtrace.v1.DropCount;
import io.vethtrace.v1.DropDimension;
import io.vethtrace.v1.DropReason;
import io.vethtrace.v1.GetDropStatsResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DropTextTest {
  private static final List<DropDimension> ALL =
      List.of(
          DropDimension.DROP_DIMENSION_REASON,
          DropDimension.DROP_DIMENSION_INTERFACE,
          DropDimension.DROP_DIMENSION_NETNS,
          DropDimension.DROP_DIMENSION_PLACE);

  private static final Drop DROP =
      Drop.newBuilder()
          .setUnixNs(1_700_000_000_123_000_000L)
          .setReason("NEIGH_FAILED")
          .setExplanation("Nobody answered.")
          .setPlace("neigh_invalidate")
          .setInterface("veth0")
          .setNetns("blue")
          .setPacket("ICMP 192.168.1.1 > 192.168.1.2, echo request, id 1, seq 1")
          .build();

  private static String withoutTime(String text) {
    return text.replaceAll("\\d\\d:\\d\\d:\\d\\d\\.\\d{3}", "TIME");
  }

  @Test
  void a_drop_is_one_line_where_that_fits_and_its_reason_is_explained_once() {
    DropText text = new DropText(Style.PLAIN, 140);
    String line =
        "TIME  NEIGH_FAILED in neigh_invalidate on veth0 (netns blue)  ICMP 192.168.1.1 >"
            + " 192.168.1.2, echo request, id 1, seq 1\n";
    assertThat(withoutTime(text.of(DROP))).isEqualTo(line + "              (Nobody answered.)\n");
    assertThat(withoutTime(text.of(DROP))).isEqualTo(line);
  }

  @Test
  void on_a_narrow_terminal_the_packet_stands_below() {
    assertThat(withoutTime(new DropText(Style.PLAIN, 80).of(DROP)).lines())
        .startsWith(
            "TIME  NEIGH_FAILED in neigh_invalidate on veth0 (netns blue)",
            "              ICMP 192.168.1.1 > 192.168.1.2, echo request, id 1, seq 1");
  }

  @Test
  void on_a_narrower_one_the_location_does_too() {
    assertThat(withoutTime(new DropText(Style.PLAIN, 60).of(DROP)).lines())
        .startsWith("TIME  NEIGH_FAILED", "              in neigh_invalidate on veth0 (netns blue)")
        .allMatch(line -> LineWrapping.length(line) <= 60);
  }

  @Test
  void colour_tells_a_fault_from_what_is_none() {
    assertThat(new DropText(Style.COLOUR, 80).of(DROP)).contains("\033[1;31mNEIGH_FAILED\033[0m");
    assertThat(new DropText(Style.COLOUR, 80).of(DROP.toBuilder().setHarmless(true).build()))
        .contains("\033[2mNEIGH_FAILED\033[0m");
  }

  private static DropCount count(long packets, String reason, String location) {
    return DropCount.newBuilder()
        .setPackets(packets)
        .setReason(reason)
        .setInterface("veth0")
        .setPlace(location)
        .build();
  }

  @Test
  void counts_are_a_table_that_is_cut_to_the_terminal() {
    GetDropStatsResponse stats =
        GetDropStatsResponse.newBuilder()
            .addCounts(count(12345, "NEIGH_FAILED", "neigh_invalidate"))
            .addCounts(count(2, "NO_SOCKET", "a_function_with_a_very_long_name_indeed"))
            .setUnattributed(7)
            .build();
    String wide = DropStatsText.of(stats, ALL, Style.PLAIN, Integer.MAX_VALUE);
    assertThat(wide)
        .contains(
            """
            packets  reason        interface  netns  location
              12345  NEIGH_FAILED  veth0      –      neigh_invalidate
                  2  NO_SOCKET     veth0      –      a_function_with_a_very_long_name_indeed
            ! 7 more without reason and location, because the kernel's table was full\
            """);
    String narrow = DropStatsText.of(stats, ALL, Style.PLAIN, 60);
    assertThat(narrow).contains("a_function_with_a_…\n");
    assertThat(narrow.lines().filter(line -> !line.startsWith("!") && !line.startsWith("dropped")))
        .allMatch(line -> line.length() <= 60);
  }

  @Test
  void sums_of_what_was_seen_are_told_apart_by_what_was_asked_for() {
    Map<Drop, Long> sums =
        Map.of(
            Drop.newBuilder().setReason("XDP").setInterface("veth0").build(), 2L,
            Drop.newBuilder().setReason("XDP").setInterface("veth1").build(), 3L);
    assertThat(
            DropStatsText.of(sums, List.of(DropDimension.DROP_DIMENSION_REASON), Style.PLAIN, 80))
        .isEqualTo("packets  reason\n      5  XDP\n");
  }

  @Test
  void reasons_have_their_explanation_beside_them_or_below_on_narrow_terminals() {
    List<DropReason> reasons =
        List.of(
            DropReason.newBuilder()
                .setSubsystem("CORE")
                .setName("NEIGH_FAILED")
                .setNumber(58)
                .setIsDrop(true)
                .setExplanation("Nobody answered ARP for the next hop, so it was thrown away.")
                .build(),
            DropReason.newBuilder()
                .setSubsystem("OPENVSWITCH")
                .setName("METER")
                .setNumber(131077)
                .setIsDrop(true)
                .build());
    assertThat(ReasonsText.of(reasons, Style.PLAIN, 60))
        .isEqualTo(
            """
                58  NEIGH_FAILED       Nobody answered ARP for the next
                                       hop, so it was thrown away.
            131077  OPENVSWITCH:METER
            """);
    assertThat(ReasonsText.of(reasons, Style.PLAIN, 40).lines())
        .startsWith("    58  NEIGH_FAILED", "      Nobody answered ARP for the next");
  }
}
