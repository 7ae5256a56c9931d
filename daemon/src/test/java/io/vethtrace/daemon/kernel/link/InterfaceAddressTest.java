package io.vethtrace.daemon.kernel.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.fixture.Packets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterfaceAddressTest {
  @ParameterizedTest
  @CsvSource({
    "192.168.1.1, 24, 192.168.1.255, true",
    "192.168.1.1, 24, 192.168.2.255, false",
    "192.168.1.1, 24, 192.168.1.254, false",
    "10.1.2.3, 0, 255.255.255.255, true",
    "10.1.2.2, 30, 10.1.2.3, true",
    "10.1.2.2, 31, 10.1.2.3, false",
    "10.1.2.3, 32, 10.1.2.3, false",
    "fe80::1, 64, fe80::ffff:ffff:ffff:ffff, false",
  })
  void the_last_address_of_a_subnet_is_its_broadcast(
      String own, int prefixLength, String other, boolean isBroadcast) {
    InterfaceAddress address =
        new InterfaceAddress(2, Packets.ip(own), Packets.ip(own), prefixLength, 0, false);
    assertThat(address.isBroadcast(Packets.ip(other))).isEqualTo(isBroadcast);
  }
}
