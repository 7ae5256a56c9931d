package io.vethtrace.daemon.kernel.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.kernel.filtering.FiltersAndQueues;
import io.vethtrace.daemon.kernel.filtering.NftChain;
import io.vethtrace.daemon.kernel.filtering.Qdisc;
import io.vethtrace.daemon.kernel.link.Bridge;
import io.vethtrace.daemon.kernel.link.BridgePort;
import io.vethtrace.daemon.kernel.link.InterfaceAddress;
import io.vethtrace.daemon.kernel.link.Link;
import io.vethtrace.daemon.kernel.link.LinkFacts;
import io.vethtrace.daemon.kernel.link.NeighbourEntry;
import io.vethtrace.daemon.kernel.netns.NetnsReading.Read;
import io.vethtrace.daemon.kernel.netns.NetnsReading.Unreadable;
import io.vethtrace.daemon.kernel.socket.InetSocket;
import io.vethtrace.daemon.kernel.socket.SocketFacts;
import io.vethtrace.daemon.kernel.socket.SocketFactsReader;
import io.vethtrace.daemon.kernel.sysctl.SysctlValues;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NetnsReaderTest {
  private final NetnsLookup directory = NetnsLookup.ofRunningKernel();
  private final NetnsReader reader = new NetnsReader(directory);

  private NetnsFacts facts(int inode) {
    return switch (reader.read(inode)) {
      case Read(NetnsFacts facts) -> facts;
      case Unreadable(String why) -> throw new AssertionError(why);
    };
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new AssertionError(literal, e);
    }
  }

  @Test
  void the_own_namespace_has_a_loopback_device() {
    NetnsFacts facts = facts(NsfsInode.of(NsfsInode.THIS_THREAD).orElseThrow());

    Device lo = facts.device("lo").orElseThrow();
    assertThat(lo.loopback()).isTrue();
    assertThat(facts.device(lo.ifindex())).hasValue(lo);
  }

  @Test
  void sockets_that_wait_are_read_where_they_are_asked_for() throws IOException {
    try (NamedTestNetns netns = new NamedTestNetns()) {
      netns.inside("ip link set lo up");
      assertThat(facts(netns.inode()).details().sockets().wasRead()).isFalse();
      Process listener =
          new ProcessBuilder(
                  "ip",
                  "netns",
                  "exec",
                  netns.name(),
                  "perl",
                  "-MIO::Socket::INET",
                  "-e",
                  "$u = IO::Socket::INET->new(LocalAddr => '127.0.0.1:7', Proto => 'udp') or die;$t"
                      + " = IO::Socket::INET->new(LocalAddr => '127.0.0.1:80', Listen => 1) or"
                      + " die;$c = IO::Socket::INET->new(PeerAddr => '127.0.0.1:80') or die;$| = 1;"
                      + " print 'ready'; <STDIN>")
              .start();
      try {
        assertThat(listener.getInputStream().read()).isEqualTo('r');
        SocketFacts sockets =
            switch (reader.read(
                netns.inode(), new NetnsRequest(true, FiltersAndQueues.Part.NOTHING, Set.of()))) {
              case Read(NetnsFacts facts) -> facts.details().sockets();
              case Unreadable(String why) -> throw new AssertionError(why);
            };
        InetSocket tcp = sockets.taker(6, address("127.0.0.1"), 80).orElseThrow();
        assertThat(tcp.endpoint()).isEqualTo("127.0.0.1:80");
        assertThat(tcp.receiveQueue()).isEqualTo(1);
        assertThat(sockets.taker(17, address("127.0.0.1"), 7)).isPresent();
        assertThat(sockets.taker(17, address("127.0.0.2"), 7)).isEmpty();
        assertThat(sockets.sockets()).hasSize(2);
        assertThat(sockets.counter("TcpExt.ListenOverflows")).hasValue(0);
      } finally {
        listener.destroy();
      }
    }
  }

  @Test
  void an_ipv6_address_of_a_socket_is_read_in_network_order() {
    String line =
        "0: FF020000000000000000000000000001:14E9 0:0000 07 00000000:00000010 00:0 0 0 0 99 2 p 3";
    String v6 =
        java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.LITTLE_ENDIAN
            ? line.replace("FF020000000000000000000000000001", "000002FF000000000000000001000000")
            : line;
    InetSocket socket = SocketFactsReader.socket(v6.split(" "), 17);
    assertThat(socket.address()).isEqualTo(address("ff02::1"));
    assertThat(socket.port()).isEqualTo(5353);
    assertThat(socket.receiveQueue()).isEqualTo(16);
    assertThat(socket.drops()).isEqualTo(3);
  }

  @Test
  void a_veth_pair_is_read_with_its_addresses_states_and_settings() {
    try (NamedTestNetns netns = new NamedTestNetns()) {
      netns.inside("ip link add veth0 type veth peer name veth1");
      netns.inside("ip addr add 192.168.1.1/24 dev veth0");
      netns.inside("ip addr add 192.168.1.2/24 dev veth1");
      netns.inside("ip -6 addr add fd00:7e::1/64 dev veth0 nodad");
      netns.inside("ip link set veth0 up");
      netns.inside("sysctl -q -w net.ipv4.conf.all.rp_filter=2 net.ipv4.conf.all.accept_local=0");
      netns.inside("sysctl -q -w net.ipv4.conf.veth0.rp_filter=1 net.ipv4.conf.veth1.rp_filter=0");
      netns.inside("sysctl -q -w net.ipv4.conf.veth1.accept_local=1");

      NetnsFacts facts = facts(netns.inode());
      Device veth0 = facts.device("veth0").orElseThrow();
      Device veth1 = facts.device("veth1").orElseThrow();

      assertThat(facts.displayName()).isEqualTo(netns.name());
      assertThat(facts.commandPrefix()).isEqualTo("ip netns exec " + netns.name() + " ");
      assertThat(facts.rpFilterAll()).isEqualTo(2);
      assertThat(facts.acceptLocalAll()).isZero();
      assertThat(veth0.up()).isTrue();
      assertThat(veth1.up()).isFalse();
      assertThat(veth0.addresses()).contains(address("192.168.1.1"), address("fd00:7e::1"));
      assertThat(veth1.addresses()).containsExactly(address("192.168.1.2"));
      assertThat(veth0.rpFilter()).hasValue(1);
      assertThat(veth1.rpFilter()).hasValue(0);
      assertThat(veth0.acceptLocal()).hasValue(0);
      assertThat(veth1.acceptLocal()).hasValue(1);
      assertThat(facts.owner(address("192.168.1.2"))).hasValue(veth1);
      assertThat(facts.owner(address("192.168.1.3"))).isEmpty();
      assertThat(netns.inside("cat /sys/class/net/veth0/ifindex"))
          .isEqualTo(Integer.toString(veth0.ifindex()));
    }
  }

  @Test
  void links_and_settings_are_read_as_the_rules_ask_for_them() {
    try (NamedTestNetns netns = new NamedTestNetns()) {
      netns.inside("ip link add br0 type bridge");
      netns.inside(
          "ip link add veth0 address 02:00:00:00:00:07 mtu 1400 type veth peer name veth1");
      netns.inside("ip link set veth0 master br0 up");
      netns.inside("sysctl -qw net.ipv4.conf.veth1.arp_ignore=2 net.ipv6.conf.veth1.forwarding=1");

      NetnsFacts facts = facts(netns.inode());
      int veth1 = facts.device("veth1").orElseThrow().ifindex();
      Link veth0 =
          facts.details().link(facts.device("veth0").orElseThrow().ifindex()).orElseThrow();
      assertThat(veth0.mac()).isEqualTo("02:00:00:00:00:07");
      assertThat(veth0.mtu()).isEqualTo(1400);
      assertThat(veth0.kind()).isEqualTo("veth");
      assertThat(veth0.carrier()).isFalse();
      assertThat(veth0.master()).hasValue(facts.device("br0").orElseThrow().ifindex());
      assertThat(veth0.lower()).hasValue(veth1);
      assertThat(veth0.netnsid()).isEmpty();
      assertThat(veth0.xdpProgram()).isEmpty();
      SysctlValues sysctls = facts.details().sysctls();
      assertThat(sysctls.ipv4Conf("veth1", "arp_ignore")).hasValue(2);
      assertThat(sysctls.ipv6Conf("veth1", "forwarding")).hasValue(1);
      assertThat(sysctls.value("net.ipv4.icmp_echo_ignore_all")).hasValue(0);
      assertThat(sysctls.ipv4Conf("nosuch", "arp_ignore")).isEmpty();
    }
  }

  @Test
  void bridges_their_ports_and_neighbours_are_read_as_the_rules_ask_for_them() {
    try (NamedTestNetns netns = new NamedTestNetns()) {
      netns.inside("ip link add br0 type bridge");
      netns.inside("ip link add port1 type veth peer name veth1");
      netns.inside("ip link set port1 master br0");
      netns.inside("ip link set port1 type bridge_slave isolated on bcast_flood off");
      netns.inside("ip link set veth1 up");
      netns.inside("ip addr add 10.9.8.1/29 dev veth1");
      netns.inside("ip neigh add 10.9.8.2 lladdr 02:00:00:00:be:ef dev veth1");

      NetnsFacts facts = facts(netns.inode());
      LinkFacts links = facts.details().linkLayer();
      int veth1 = facts.device("veth1").orElseThrow().ifindex();
      assertThat(links.bridge(facts.device("br0").orElseThrow().ifindex()))
          .hasValue(new Bridge(false, false));
      BridgePort port = links.port(facts.device("port1").orElseThrow().ifindex()).orElseThrow();
      assertThat(port).isEqualTo(new BridgePort(0, true, true, true, false));
      assertThat(port.stateName()).isEqualTo("disabled");
      assertThat(links.port(veth1)).isEmpty();
      assertThat(links.neighbours())
          .containsExactly(
              new NeighbourEntry(veth1, address("10.9.8.2"), "02:00:00:00:be:ef", true));
      InterfaceAddress own = links.addressesOf(veth1).findFirst().orElseThrow();
      assertThat(own.reaches(address("10.9.8.7"))).isTrue();
      assertThat(own.reaches(address("10.9.8.8"))).isFalse();
      assertThat(own.reaches(address("fd00::1"))).isFalse();
    }
  }

  @Test
  void the_namespace_of_a_peer_is_found_by_its_id() {
    try (NamedTestNetns here = new NamedTestNetns();
        NamedTestNetns there = new NamedTestNetns()) {
      here.inside("ip link add veth0 type veth peer name veth1 netns " + there.name());

      NetnsFacts facts = facts(here.inode());
      int id =
          facts
              .details()
              .link(facts.device("veth0").orElseThrow().ifindex())
              .orElseThrow()
              .netnsid()
              .orElseThrow();
      assertThat(facts.details().linkLayer().namespace(id)).isEmpty();
      NetnsFacts known = reader.withNamespaces(facts, Set.of(id, id + 1));
      assertThat(known.details().linkLayer().namespace(id)).hasValue(there.inode());
      assertThat(known.details().linkLayer().namespace(id + 1)).isEmpty();
    }
  }

  @Test
  void rules_and_queues_are_read_where_they_are_wanted() {
    try (NamedTestNetns netns = new NamedTestNetns()) {
      netns.inside("nft add table inet filter");
      netns.inside(
          "nft 'add chain inet filter input { type filter hook input priority 5; policy drop; }'");
      netns.inside("nft add rule inet filter input tcp dport 22 counter accept");
      netns.inside("tc qdisc add dev lo root tbf rate 64kbit burst 1600 limit 3200");

      assertThat(facts(netns.inode()).details().filters()).isEqualTo(FiltersAndQueues.NONE);
      FiltersAndQueues filters =
          reader.read(
                      netns.inode(),
                      new NetnsRequest(false, FiltersAndQueues.Part.RULESET, Set.of()))
                  instanceof Read(NetnsFacts facts)
              ? facts.details().filters()
              : FiltersAndQueues.NONE;

      NftChain input = filters.ruleset().chains().getFirst();
      assertThat(input.fullName()).isEqualTo("inet filter input");
      assertThat(input.priority()).isEqualTo(5);
      assertThat(input.drops()).isTrue();
      assertThat(input.rules()).hasSize(1);
      assertThat(input.rules().getFirst().text())
          .isEqualTo("tcp dport 22 counter packets 0 bytes 0 accept");
      Qdisc tbf = filters.root(1).orElseThrow();
      assertThat(tbf.kind()).isEqualTo("tbf");
      assertThat(tbf.limit()).hasValue(3200);
      assertThat(tbf.rateBytesPerS()).isEqualTo(8000);
      assertThat(tbf.burstBytes()).isEqualTo(1600);
      assertThat(tbf.drops()).isZero();
    }
  }

  @Test
  void the_other_namespace_has_none_of_this_ones_devices_and_addresses() {
    try (NamedTestNetns netns = new NamedTestNetns()) {
      NetnsFacts facts = facts(netns.inode());

      assertThat(facts.devices()).extracting(Device::up).containsOnly(false);
      assertThat(facts.devices()).allSatisfy(d -> assertThat(d.addresses()).isEmpty());
      assertThat(facts.owner(address("::1"))).isEmpty();
      assertThat(facts.owner(address("127.0.0.1"))).isEmpty();
    }
  }

  @Test
  void the_thread_that_asks_stays_where_it_is() {
    int before = NsfsInode.of(NsfsInode.THIS_THREAD).orElseThrow();
    try (NamedTestNetns netns = new NamedTestNetns()) {
      facts(netns.inode());

      assertThat(NsfsInode.of(NsfsInode.THIS_THREAD)).hasValue(before);
      assertThat(NsfsInode.of(Path.of("/proc/self/ns/net"))).hasValue(before);
    }
  }

  @Test
  void the_commands_for_a_device_with_a_dot_act_on_it() {
    try (NamedTestNetns netns = new NamedTestNetns()) {
      netns.inside("ip link add vt.0.1 type veth peer name vt1");
      NetnsFacts before = facts(netns.inode());
      Device dotted = before.device("vt.0.1").orElseThrow();

      NamedTestNetns.run(
          before.commandPrefix() + "sysctl -q -w " + dotted.sysctl("rp_filter") + "=1");
      NamedTestNetns.run(
          before.commandPrefix() + "sysctl -q -w " + dotted.sysctl("accept_local") + "=1");

      Device after = facts(netns.inode()).device("vt.0.1").orElseThrow();
      assertThat(after.rpFilter()).hasValue(1);
      assertThat(after.acceptLocal()).hasValue(1);
      assertThat(facts(netns.inode()).device("vt1").orElseThrow().rpFilter())
          .isEqualTo(before.device("vt1").orElseThrow().rpFilter());
    }
  }

  @Test
  void a_device_too_small_for_ipv4_has_no_settings() {
    try (NamedTestNetns netns = new NamedTestNetns()) {
      netns.inside("ip link set lo mtu 67"); // veth takes no less than 68

      Device small = facts(netns.inode()).device("lo").orElseThrow();
      assertThat(small.rpFilter()).isEqualTo(OptionalInt.empty());
      assertThat(small.acceptLocal()).isEqualTo(OptionalInt.empty());
    }
  }

  @Test
  void a_point_to_point_address_is_that_of_this_end() {
    try (NamedTestNetns netns = new NamedTestNetns()) {
      netns.inside("ip link add veth0 type veth peer name veth1");
      netns.inside("ip addr add 10.9.0.1 peer 10.9.0.2 dev veth0");

      NetnsFacts facts = facts(netns.inode());
      assertThat(facts.owner(address("10.9.0.1"))).isPresent();
      assertThat(facts.owner(address("10.9.0.2"))).isEmpty();
    }
  }

  @Test
  void hundreds_of_devices_take_more_than_one_datagram() {
    try (NamedTestNetns netns = new NamedTestNetns()) {
      netns.inside(
          "sh -c 'for i in $(seq 150); do echo link add a$i type veth peer name b$i;"
              + " echo addr add 10.1.$i.1/24 dev a$i; done | ip -batch -'");

      NetnsFacts facts = facts(netns.inode());
      assertThat(facts.devices()).extracting(Device::name).contains("a1", "b1", "a150", "b150");
      assertThat(facts.devices()).extracting(Device::ifindex).isSorted().doesNotHaveDuplicates();
      assertThat(facts.owner(address("10.1.149.1"))).map(Device::name).hasValue("a149");
    }
  }

  @Test
  void a_namespace_that_is_gone_is_said_to_be_unreadable() {
    int inode;
    try (NamedTestNetns netns = new NamedTestNetns()) {
      inode = netns.inode();
    }

    assertThat(reader.read(inode)).isInstanceOf(Unreadable.class);
    assertThat(((Unreadable) reader.read(inode)).why())
        .contains(Integer.toUnsignedString(inode))
        .contains("gone");
  }
}
