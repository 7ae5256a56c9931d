package io.vethtrace.daemon.probe.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.SourceCheckSysctls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventDecoderTest {
  private static final int PADDING_BYTES = 24;
  private static final int HOOK_AT = 58;
  private static final int FLAGS_AT = 63;

  private final EventDecoder decoder = new EventDecoder();
  private final ByteBuffer record =
      ByteBuffer.allocate(EventLayout.SIZE_BYTES).order(ByteOrder.nativeOrder());

  EventDecoderTest() {
    record.putLong(1_000_000_007L).putLong(0xffff_8880_1234_5600L).putLong(0xffff_8880_9876_5400L);
    record.putLong(0xffff_ffff_8111_2222L);
    record.putInt(0xf000_0011).putInt(7).putInt(0x1043).putInt(1514);
    record.putInt(-22).putInt(65).putShort((short) 0xfffe);
    record.put((byte) 5).put((byte) 98).put((byte) 0x86).put((byte) 0xdd).put((byte) 14);
    record.put((byte) (EventLayout.FLAG_SETTINGS | EventLayout.FLAG_RESULT));
    record.putInt(1).putInt(2).putInt(0).putInt(1);
    record.put("veth0".getBytes(StandardCharsets.UTF_8)).position(96);
    for (int i = 0; i < 112; i++) {
      record.put((byte) (i + 100));
    }
  }

  @Test
  void every_field_that_all_hooks_have_arrives() {
    Event event = decoded();
    assertThat(event.ktimeNs()).isEqualTo(1_000_000_007L);
    assertThat(event.skb()).isEqualTo(0xffff_8880_1234_5600L);
    assertThat(event.skbHead()).isEqualTo(0xffff_8880_9876_5400L);
    assertThat(event.netns()).isEqualTo(0xf000_0011);
    assertThat(event.ifindex()).isEqualTo(7);
    assertThat(event.ifname()).isEqualTo("veth0");
    assertThat(event.devFlags()).isEqualTo(0x1043);
    assertThat(event.lenBytes()).isEqualTo(1514);
    assertThat(event.cpu()).isEqualTo(0xfffe);
    assertThat(event.hook()).isEqualTo(Hook.FIB_VALIDATE_SOURCE);
    assertThat(event.isCloned()).isFalse();
    record.put(FLAGS_AT, (byte) EventLayout.FLAG_CLONED);
    assertThat(decoded().isCloned()).isTrue();
  }

  @Test
  void a_source_check_has_its_result_and_the_settings() {
    assertThat(decoded())
        .isInstanceOfSatisfying(
            Event.SourceCheck.class,
            check -> {
              assertThat(check.result()).isEqualTo(-22);
              assertThat(check.isRefused()).isTrue();
              assertThat(check.settings()).contains(new SourceCheckSysctls(1, 2, 0, 1));
            });
  }

  @Test
  void a_drop_has_its_location_and_its_reason() {
    assertThat(decodedAt(Hook.KFREE_SKB, EventLayout.FLAG_REASON))
        .isInstanceOfSatisfying(
            Event.Drop.class,
            drop -> {
              assertThat(drop.location()).isEqualTo(0xffff_ffff_8111_2222L);
              assertThat(drop.reason()).hasValue(65);
            });
  }

  @Test
  void a_drop_has_no_reason_without_the_flag() {
    assertThat(decodedAt(Hook.KFREE_SKB, 0))
        .isInstanceOfSatisfying(Event.Drop.class, drop -> assertThat(drop.reason()).isEmpty());
  }

  @Test
  void a_consumption_has_its_location() {
    assertThat(decodedAt(Hook.CONSUME_SKB, 0))
        .isInstanceOfSatisfying(
            Event.Consumption.class,
            consumption -> assertThat(consumption.location()).isEqualTo(0xffff_ffff_8111_2222L));
  }

  @ParameterizedTest
  @EnumSource(names = {"FIB_TABLE_LOOKUP", "FIB6_TABLE_LOOKUP"})
  void a_route_look_up_has_its_result_and_the_mark(Hook hook) {
    assertThat(decodedAt(hook, EventLayout.FLAG_RESULT))
        .isInstanceOfSatisfying(
            Event.RouteLookup.class,
            lookup -> {
              assertThat(lookup.hook()).isEqualTo(hook);
              assertThat(lookup.result()).isEqualTo(-22);
              assertThat(lookup.fwmark()).isEqualTo(65);
            });
  }

  @ParameterizedTest
  @EnumSource(names = {"VETH_XMIT", "LOOPBACK_XMIT", "NETIF_RX", "NETIF_RECEIVE_SKB"})
  void a_device_hook_makes_a_device_hop(Hook hook) {
    assertThat(decodedAt(hook, 0)).isInstanceOf(Event.DeviceHop.class);
    assertThat(decodedAt(hook, 0).hook()).isEqualTo(hook);
  }

  @Test
  void the_frame_has_the_valid_bytes_and_the_ethertype_in_host_order() {
    Event event = decoded();
    assertThat(event.frame().protocol()).isEqualTo(0x86dd);
    assertThat(event.frame().networkOffset()).isEqualTo(14);
    assertThat(event.frame().lengthBytes()).isEqualTo(98);
    for (int i = 0; i < 98; i++) {
      assertThat(event.frame().u8(i)).isEqualTo((i + 100) & 0xff);
    }
  }

  @Test
  void settings_are_absent_without_their_flag() {
    assertThat(decodedAt(Hook.FIB_VALIDATE_SOURCE, EventLayout.FLAG_RESULT))
        .isInstanceOfSatisfying(
            Event.SourceCheck.class, check -> assertThat(check.settings()).isEmpty());
  }

  @Test
  void a_name_is_made_once() {
    assertThat(decoded().ifname()).isSameAs(decoded().ifname());
  }

  @Test
  void a_name_of_fifteen_bytes_and_no_name_arrive() {
    byte[] longest = "abcdefghijklmno\0".getBytes(StandardCharsets.UTF_8);
    record.put(80, longest);
    assertThat(decoded().ifname()).isEqualTo("abcdefghijklmno");
    record.put(80, new byte[16]);
    assertThat(decoded().ifname()).isEmpty();
  }

  @Test
  void more_names_than_are_kept_still_arrive() {
    for (int i = 0; i < 20_000; i++) {
      byte[] name = ("if" + i).getBytes(StandardCharsets.UTF_8);
      record.put(80, new byte[16]).put(80, name);
      assertThat(decoded().ifname()).isEqualTo("if" + i);
    }
  }

  @Test
  void a_record_of_another_length_is_malformed() {
    assertThat(decode(EventLayout.SIZE_BYTES - 8)).isNull();
    assertThat(decode(EventLayout.SIZE_BYTES + 8)).isNull();
  }

  @Test
  void more_packet_bytes_than_there_is_room_for_are_malformed() {
    record.put(59, (byte) EventLayout.PACKET_BYTES);
    assertThat(decode(EventLayout.SIZE_BYTES)).isNotNull();
    record.put(59, (byte) (EventLayout.PACKET_BYTES + 1));
    assertThat(decode(EventLayout.SIZE_BYTES)).isNull();
    record.put(59, (byte) 0xff);
    assertThat(decode(EventLayout.SIZE_BYTES)).isNull();
  }

  @Test
  void a_hook_that_does_not_exist_is_malformed() {
    for (int hook : new int[] {0, Hook.values().length, 0xff}) {
      record.put(HOOK_AT, (byte) hook);
      assertThat(decode(EventLayout.SIZE_BYTES)).isNull();
    }
  }

  @SuppressWarnings("EnumOrdinal") // the ordinal is the value of enum vt_hook
  private Event decodedAt(Hook hook, int flags) {
    record.put(HOOK_AT, (byte) hook.ordinal()).put(FLAGS_AT, (byte) flags);
    return decoded();
  }

  private Event decoded() {
    return Objects.requireNonNull(decode(EventLayout.SIZE_BYTES), "malformed");
  }

  private @Nullable Event decode(int lengthBytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ring = arena.allocate(EventLayout.SIZE_BYTES + 2L * PADDING_BYTES, 8);
      MemorySegment.copy(
          record.array(), 0, ring, ValueLayout.JAVA_BYTE, PADDING_BYTES, record.capacity());
      return decoder.decode(ring, PADDING_BYTES, lengthBytes);
    }
  }
}
