package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/**
 * Traffic of several kinds under a filter in the kernel: what {@code lab/guest/filter.sh} makes.
 */
final class FilteredTraffic {
  /**
   * The guest whose faults run under the filter too, which takes all that they send: the one with
   * the oldest verifier.
   */
  static final String LINE = "5.10";

  /**
   * ICMP, and in a guest ARP too, is all of the traffic that it matches. The rest is there for the
   * verifier: loads at offsets that the packet says, behind the part that lies on the stack, and
   * all kinds of arithmetic.
   */
  private static final String FILTER =
      "icmp or (vlan and tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420)"
          + " or (tcp and ether[100:4] / ip[8] % 7 = 3 and ip[2:2] * 2 - 40 > len)"
          + " or (udp[8] << (ip[8] & 31) = 1 and -ip[8] & 0xff = 1 and ip6 host fd00::1)"
          + " or (arp and ether[0] & 2 = 0 and ip6 net fe80::/10)";

  /**
   * Three rounds: a ping and its answer, and the refusal of a datagram, over the pair and over lo.
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

  /** What a guest's faults run under. */
  static String ofGuest() {
    return "arp or " + FILTER;
  }

  /** Nothing but ICMP came, all of it, and every hit of every probe point is accounted for. */
  static void assertFiltered(List<Json> lines) {
    List<Json> journeys = lines.stream().filter(line -> line.has("journey")).toList();
    assertThat(journeys)
        .hasSize(JOURNEYS)
        .allMatch(line -> line.object("journey").text("packet").startsWith("ICMP "));
    assertAccounted(lines.getLast(), FILTER);
  }

  /** The kernel took the filter, it left something out, and every hit is accounted for. */
  static void assertAccounted(Json status, String filter) {
    assertThat(status.object("selection").text("filter")).isEqualTo(filter);
    assertThat(status.objects("probes"))
        .isNotEmpty()
        .allMatch(probe ->
            count(probe, "hits")
                == count(probe, "delivered") + count(probe, "filtered") + count(probe, "lost"))
        .anyMatch(probe -> count(probe, "delivered") > 0 && count(probe, "filtered") > 0);
  }

  private static long count(Json probe, String name) {
    return Long.parseLong(probe.text(name));
  }
}
