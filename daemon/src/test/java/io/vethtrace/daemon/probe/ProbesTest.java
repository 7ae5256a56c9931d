package io.vethtrace.daemon.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vethtrace.daemon.filter.Filter;
import io.vethtrace.daemon.probe.attach.AttachFailure;
import io.vethtrace.daemon.probe.attach.Mechanism;
import io.vethtrace.daemon.probe.attach.ProbePoint;
import io.vethtrace.daemon.probe.object.FilterProofTest;
import io.vethtrace.daemon.probe.object.TraceFilter;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The running kernel, whatever its mechanisms are. */
class ProbesTest {
  private static final ProbeOptions OPTIONS = new ProbeOptions(1 << 20);

  @BeforeAll
  static void needs_root() throws IOException {
    RunningKernel.requireRoot();
  }

  @Test
  void a_ping_over_lo_is_seen_from_its_transmission_to_its_end() throws Exception {
    try (ProbedNetns netns = ProbedNetns.create();
        Probes probes = Probes.open(OPTIONS)) {
      netns.run("ping", "-c", "1", "-W", "5", "127.0.0.1");
      List<Event> events = eventsOf(netns, probes);
      assertThat(events)
          .filteredOn(event -> event.hook() == Hook.LOOPBACK_XMIT)
          .hasSize(2) // the echo and its reply
          .allMatch(Event::deviceIsLoopback)
          .allMatch(Event::deviceIsUp)
          .allMatch(event -> event.ifname().equals("lo") && event.ifindex() == 1)
          .allMatch(event -> event.frame().protocol() == 0x0800);
      assertThat(hooks(events))
          .contains(Hook.LOOPBACK_XMIT, Hook.NETIF_RX, Hook.NETIF_RECEIVE_SKB)
          .containsAnyOf(Hook.KFREE_SKB, Hook.CONSUME_SKB);
      assertThat(probes.reader().malformed()).isZero();
    }
  }

  @Test
  void a_ping_over_a_veth_pair_is_seen_on_both_ends() throws Exception {
    try (ProbedNetns netns = ProbedNetns.create();
        Probes probes = Probes.open(OPTIONS)) {
      netns.run("ip", "link", "add", "veth0", "type", "veth", "peer", "name", "veth1");
      netns.run("ip", "link", "set", "veth0", "up");
      netns.run("ip", "link", "set", "veth1", "up");
      netns.run("ip", "addr", "add", "192.168.1.1/24", "dev", "veth0");
      netns.run("ip", "neigh", "add", "192.168.1.9", "lladdr", "02:00:00:00:00:09", "dev", "veth0");
      netns.run("sh", "-c", "ping -c 1 -W 1 -I veth0 192.168.1.9 || true");
      List<Event> echoes =
          eventsOf(netns, probes).stream().filter(e -> e.frame().protocol() == 0x0800).toList();
      assertThat(echoes)
          .anyMatch(e -> e.hook() == Hook.VETH_XMIT && e.ifname().equals("veth0"))
          .anyMatch(e -> e.hook() == Hook.NETIF_RECEIVE_SKB && e.ifname().equals("veth1"));
    }
  }

  @Test
  void hits_are_delivered_or_filtered_or_lost() throws Exception {
    try (ProbedNetns netns = ProbedNetns.create();
        Probes probes = Probes.open(OPTIONS)) {
      netns.run("ping", "-c", "3", "-i", "0.01", "127.0.0.1");
      assertThat(probes.status())
          .map(ProbeStatus::counters)
          .allMatch(c -> c.hits() == c.delivered() + c.filtered() + c.lost())
          .anyMatch(c -> c.hits() > 0);
    }
  }

  @Test
  void with_a_filter_nothing_but_what_matches_comes_and_the_rest_is_counted() throws Exception {
    try (ProbedNetns netns = ProbedNetns.create();
        Probes probes = Probes.open(selecting("icmp[icmptype] = icmp-echo", List.of(), "lo"))) {
      netns.run("ping", "-c", "2", "-i", "0.01", "127.0.0.1");
      netns.run("ping", "-c", "1", "::1");
      List<Event> events = eventsOf(netns, probes);
      assertThat(events)
          .isNotEmpty()
          .allMatch(event -> event.frame().protocol() == 0x0800)
          .allMatch(event -> event.frame().u8(event.frame().networkOffset() + 20) == 8);
      assertThat(hooks(events)).contains(Hook.LOOPBACK_XMIT, Hook.NETIF_RX);
      assertThat(probes.status())
          .map(ProbeStatus::counters)
          .allMatch(c -> c.hits() == c.delivered() + c.filtered() + c.lost())
          .anyMatch(c -> c.delivered() > 0 && c.filtered() >= c.delivered());
    }
  }

  @Test
  void only_what_is_seen_in_the_namespace_and_on_the_device_that_are_asked_for_comes()
      throws Exception {
    try (ProbedNetns netns = ProbedNetns.create()) {
      netns.run("ip", "link", "add", "veth0", "type", "veth", "peer", "name", "veth1");
      netns.run("ip", "link", "set", "veth0", "up");
      netns.run("ip", "link", "set", "veth1", "up");
      netns.run("ip", "addr", "add", "192.168.1.1/24", "dev", "veth0");
      assertThat(seen(netns, List.of(netns.inode()), "veth1")).containsOnly("veth1");
      assertThat(seen(netns, List.of(netns.inode()), "veth")).isEmpty();
      assertThat(seen(netns, List.of(netns.inode() + 1), "veth1")).isEmpty();
      assertThat(seen(netns, List.of(1, netns.inode()))).contains("veth0", "veth1", "lo");
    }
  }

  private static Set<String> seen(ProbedNetns netns, List<Integer> inodes, String... interfaces)
      throws Exception {
    try (Probes probes = Probes.open(selecting("", inodes, interfaces))) {
      netns.run("sh", "-c", "ping -c 1 -W 1 192.168.1.9 || ping -c 1 127.0.0.1");
      return eventsOf(netns, probes).stream()
          .filter(event -> event.ifindex() != 0)
          .map(Event::ifname)
          .filter(name -> !name.isEmpty())
          .collect(Collectors.toSet());
    }
  }

  private static ProbeOptions selecting(String filter, List<Integer> netns, String... interfaces) {
    Optional<Filter> compiled =
        filter.isEmpty() ? Optional.empty() : Optional.of(FilterProofTest.compiled(filter));
    return new ProbeOptions(1 << 20, new TraceFilter(compiled, netns, List.of(interfaces)));
  }

  @Test
  void every_probe_point_says_which_mechanism_it_has_and_why_no_better_one() {
    try (Probes probes = Probes.open(OPTIONS)) {
      List<ProbeStatus> status = probes.status();
      assertThat(status)
          .map(ProbeStatus::hook)
          .containsExactlyElementsOf(EnumSet.complementOf(EnumSet.of(Hook.UNSPECIFIED)));
      for (int i = 0; i < status.size(); i++) {
        assertCandidatesWereTried(status.get(i), ProbePoint.ALL.get(i));
        assertThat(probes.mechanism(status.get(i).hook())).isEqualTo(status.get(i).mechanism());
      }
    }
  }

  @Test
  void an_idle_probe_has_lost_nothing() {
    try (Probes probes = Probes.open(OPTIONS)) {
      assertThat(probes.lost()).isZero();
    }
  }

  @Test
  void closing_leaves_nothing_in_the_kernel() throws IOException {
    Probes.open(OPTIONS).close();
    List<String> before = RunningKernel.heldInKernel();
    Probes probes = Probes.open(OPTIONS);
    assertThat(RunningKernel.heldInKernel()).hasSizeGreaterThan(before.size());
    probes.close();
    assertThat(RunningKernel.heldInKernel()).isEqualTo(before);
  }

  @Test
  void the_reader_of_closed_probes_throws_and_does_not_fault() {
    Probes probes = Probes.open(OPTIONS);
    probes.close();
    assertThatThrownBy(() -> probes.reader().drain(event -> {}))
        .isInstanceOf(IllegalStateException.class);
  }

  private static void assertCandidatesWereTried(ProbeStatus status, ProbePoint point) {
    List<Mechanism> climbed =
        new ArrayList<>(status.failures().stream().map(AttachFailure::mechanism).toList());
    status.mechanism().ifPresent(climbed::add);
    assertThat(climbed).isEqualTo(point.candidates().subList(0, climbed.size()));
    assertThat(status.mechanism().isPresent() || climbed.size() == point.candidates().size())
        .isTrue();
    assertThat(status.failures()).allMatch(failure -> !failure.why().isBlank());
  }

  private static List<Event> eventsOf(ProbedNetns netns, Probes probes) throws IOException {
    int inode = netns.inode();
    List<Event> events = new ArrayList<>();
    probes
        .reader()
        .drain(event -> {
          if (event.netns() == inode) {
            events.add(event);
          }
        });
    return events;
  }

  private static Set<Hook> hooks(List<Event> events) {
    return events.stream().map(Event::hook).collect(Collectors.toSet());
  }
}
