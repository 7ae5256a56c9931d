package io.vethtrace.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.JsonLine;
import io.vethtrace.lab.metrics.Prometheus;
import java.util.List;

/** Traffic of several kinds under a trace filter: {@code lab/guest/filter.sh} makes it. */
final class FilteredTraffic {
  /**
   * The kernel line with the oldest verifier. The guest's faults run under the filter too, which
   * matches all that they send.
   */
  static final String LINE = "5.10";

  /**
   * The filter matches only the ICMP packets (in a guest ARP too). Its other terms are for the
   * verifier: loads at offsets from the packet, loads behind the bytes on the stack, and all kinds
   * of arithmetic.
   */
  private static final String FILTER =
      "icmp or (vlan and tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420)"
          + " or (tcp and ether[100:4] / ip[8] % 7 = 3 and ip[2:2] * 2 - 40 > len)"
          + " or (udp[8] << (ip[8] & 31) = 1 and -ip[8] & 0xff = 1 and ip6 host fd00::1)"
          + " or (arp and ether[0] & 2 = 0 and ip6 net fe80::/10)";

  /**
   * The number of journeys of three rounds: a ping and its reply, and the ICMP error about a
   * datagram, over the pair and over lo.
   */
  private static final int JOURNEYS = 18;

  private FilteredTraffic() {}

  static List<String> command() {
    return List.of(
        Installation.file("lab/guest/filter.sh"),
        Installation.home(),
        FILTER,
        Integer.toString(JOURNEYS),
        Integer.toString(Prometheus.freePort()));
  }

  /** Returns the filter for the faults of a guest. */
  static String ofGuest() {
    return "arp or " + FILTER;
  }

  /**
   * Checks that all ICMP packets and no others are in the output, and that each probe point's
   * counters add up.
   */
  static void assertFiltered(List<JsonLine> lines) {
    List<JsonLine> journeys = lines.stream().filter(line -> line.has("journey")).toList();
    assertThat(journeys)
        .hasSize(JOURNEYS)
        .allMatch(line -> line.object("journey").text("packet").startsWith("ICMP "));
    assertAccounted(lines.getLast(), FILTER);
  }

  /**
   * Checks that the kernel runs the filter, that it filtered packets out, and that each probe
   * point's counters add up.
   */
  static void assertAccounted(JsonLine status, String filter) {
    assertThat(status.object("selection").text("filter")).isEqualTo(filter);
    assertThat(status.objects("probes"))
        .isNotEmpty()
        .allMatch(probe ->
            count(probe, "hits")
                == count(probe, "delivered") + count(probe, "filtered") + count(probe, "lost"))
        .anyMatch(probe -> count(probe, "delivered") > 0 && count(probe, "filtered") > 0);
  }

  private static long count(JsonLine probe, String name) {
    return Long.parseLong(probe.text(name));
  }
}
