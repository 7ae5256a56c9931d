package io.vethtrace.daemon.kernel.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BtfTest {
  private static BtfBytes sample() {
    BtfBytes btf = new BtfBytes();
    int u64 = btf.typedef("__u64", btf.integer("unsigned long long", 8));
    int character = btf.integer("char", 1);
    int name = btf.array(character, 16);
    int grid = btf.array(btf.array(u64, 3), 2);
    int inner = btf.type("vt_settings", BtfBlob.KIND_STRUCT, false, 1, 8);
    btf.name("ktime_ns").word(u64).word(0);
    int pointer = btf.type("", BtfBlob.KIND_PTR, false, 0, inner);
    int constant = btf.type("", BtfBlob.KIND_CONST, false, 0, pointer);
    btf.type("vt_event", BtfBlob.KIND_STRUCT, false, 5, 88);
    btf.name("skb").word(u64).word(0);
    btf.name("settings").word(inner).word(64);
    btf.name("next").word(constant).word(128);
    btf.name("ifname").word(name).word(192);
    btf.name("grid").word(grid).word(320);
    btf.type("vt_bits", BtfBlob.KIND_STRUCT, true, 2, 8);
    btf.name("low").word(u64).word(3 << 24);
    btf.name("high").word(u64).word(5 << 24 | 3);
    btf.enumOf("vt_hook", "VT_HOOK_UNSPECIFIED", "VT_HOOK_VETH_XMIT");
    btf.enumOf("", "VT_ANONYMOUS", "VT_NAMELESS");
    btf.type("vt_signed", BtfBlob.KIND_ENUM, true, 1, 4);
    btf.name("VT_MINUS_ONE").word(-1);
    btf.type("vt_unsigned", BtfBlob.KIND_ENUM, false, 1, 4);
    btf.name("VT_ALL_ONES").word(-1);
    btf.type("vt_wide", BtfBlob.KIND_ENUM64, false, 1, 8);
    btf.name("VT_BIT_40").word(7).word(1 << 8);
    int result = btf.type("vt_result", BtfBlob.KIND_ENUM, false, 1, 4);
    btf.name("VT_RESULT").word(0);
    int prototype = btf.type("", BtfBlob.KIND_FUNC_PROTO, false, 0, result);
    btf.type("vt_static", BtfBlob.KIND_FUNC, false, 0, prototype);
    int returnsNothing = btf.type("", BtfBlob.KIND_FUNC_PROTO, false, 0, 0);
    btf.type("vt_nothing", BtfBlob.KIND_FUNC, false, 1, returnsNothing);
    return btf;
  }

  @Test
  void an_enum_is_found_by_its_name() {
    assertThat(sample().btf().enumValues("vt_hook"))
        .hasValueSatisfying(values ->
            assertThat(values)
                .containsExactly(entry("VT_HOOK_UNSPECIFIED", 0L), entry("VT_HOOK_VETH_XMIT", 1L)));
  }

  @Test
  void a_name_that_only_begins_like_another_is_not_found() {
    assertThat(sample().btf().enumValues("vt_hoo")).isEmpty();
    assertThat(sample().btf().enumValues("vt_hooks")).isEmpty();
    assertThat(sample().btf().struct("vt_hook")).isEmpty();
  }

  @Test
  void enumerators_are_signed_or_not_and_up_to_64_bits_wide() {
    Btf btf = sample().btf();

    assertThat(btf.enumerator("VT_MINUS_ONE")).hasValue(-1);
    assertThat(btf.enumerator("VT_ALL_ONES")).hasValue(0xffff_ffffL);
    assertThat(btf.enumerator("VT_BIT_40")).hasValue((1L << 40) + 7);
  }

  @Test
  void a_function_is_found_also_where_it_is_static_and_a_type_of_its_name_is_none() {
    BtfBytes btf = sample();
    btf.type("veth_xmit", BtfBlob.KIND_FUNC, false, 0, 0);
    assertThat(btf.btf().hasFunction("veth_xmit")).isTrue();
    assertThat(btf.btf().hasFunction("veth_xmi")).isFalse();
    assertThat(btf.btf().hasFunction("vt_hook")).isFalse();
  }

  @Test
  void enumerators_of_an_anonymous_enum_are_found() {
    assertThat(sample().btf().enumerator("VT_NAMELESS")).hasValue(1);
    assertThat(sample().btf().enumerator("VT_ABSENT")).isEmpty();
  }

  @Test
  void a_struct_has_the_place_the_size_and_the_type_of_each_member() {
    Btf.Struct event = sample().btf().struct("vt_event").orElseThrow();

    assertThat(event.byteSize()).isEqualTo(88);
    assertThat(event.members())
        .containsExactly(
            new Btf.Member("skb", 0, 64, 1, "__u64"),
            new Btf.Member("settings", 64, 64, 1, "vt_settings"),
            new Btf.Member("next", 128, 64, 1, "vt_settings*"),
            new Btf.Member("ifname", 192, 128, 16, "char"),
            new Btf.Member("grid", 320, 384, 6, "__u64"));
    assertThat(event.member("ifname").orElseThrow().byteOffset()).isEqualTo(24);
    assertThat(event.member("ifname").orElseThrow().byteSize()).isEqualTo(16);
  }

  @Test
  void a_bit_field_has_its_width() {
    Btf.Struct bits = sample().btf().struct("vt_bits").orElseThrow();

    assertThat(bits.members())
        .containsExactly(
            new Btf.Member("low", 0, 3, 1, "__u64"), new Btf.Member("high", 3, 5, 1, "__u64"));
    assertThat(bits.member("high").orElseThrow().byteSize()).isEqualTo(1);
  }

  @Test
  void a_function_says_what_it_returns() {
    assertThat(sample().btf().returnType("vt_static")).hasValue("vt_result");
    assertThat(sample().btf().returnType("vt_nothing")).hasValue("void");
    assertThat(sample().btf().returnType("vt_result")).isEmpty();
  }

  @Test
  void btf_that_is_cut_off_at_any_byte_is_refused() {
    ByteBuffer whole = sample().bytes();

    for (int length = 0; length < whole.limit(); length++) {
      ByteBuffer cut = whole.slice(0, length);
      assertThatExceptionOfType(MalformedBtfException.class)
          .as("length %d", length)
          .isThrownBy(() -> Btf.parse(cut));
    }
  }

  @Test
  void btf_with_wrong_bytes_is_read_or_refused_and_nothing_else() {
    Random random = new Random(5);
    for (int round = 0; round < 5_000; round++) {
      ByteBuffer bytes = sample().bytes();
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes.put(random.nextInt(bytes.limit()), (byte) random.nextInt(256));
      }
      readAll(bytes);
    }
  }

  private static void readAll(ByteBuffer bytes) {
    try {
      Btf btf = Btf.parse(bytes);
      btf.enumValues("vt_hook");
      btf.enumerator("VT_ABSENT");
      btf.struct("vt_event");
      btf.struct("vt_bits");
      btf.returnType("vt_static");
    } catch (MalformedBtfException e) {
      assertThat(e.offset()).isBetween(0L, (long) bytes.limit());
    }
  }

  @Test
  void a_type_that_leads_to_itself_is_refused() {
    BtfBytes btf = new BtfBytes();
    btf.typedef("loop", 1);
    btf.type("vt_event", BtfBlob.KIND_STRUCT, false, 1, 8);
    btf.name("member").word(1).word(0);

    assertThatExceptionOfType(MalformedBtfException.class)
        .isThrownBy(() -> btf.btf().struct("vt_event"))
        .withMessageContaining("offset=24");
  }

  @Test
  void btf_of_the_other_byte_order_is_refused_by_that_name() {
    ByteBuffer bytes = sample().bytes();
    bytes.order(ByteOrder.nativeOrder()).putShort(0, Short.reverseBytes((short) 0xeb9f));

    assertThatExceptionOfType(MalformedBtfException.class)
        .isThrownBy(() -> Btf.parse(bytes))
        .withMessageContaining("other byte order")
        .satisfies(e -> assertThat(e.offset()).isZero());
  }

  @Test
  void the_running_kernel_has_the_layout_of_its_uapi() throws IOException {
    assumeTrue(Files.isReadable(Btf.RUNNING_KERNEL), "this kernel shows no BTF");
    Btf btf = Btf.read(Btf.RUNNING_KERNEL);

    // include/uapi/linux/if_ether.h
    assertThat(btf.struct("ethhdr").orElseThrow().members())
        .containsExactly(
            new Btf.Member("h_dest", 0, 48, 6, "unsigned char"),
            new Btf.Member("h_source", 48, 48, 6, "unsigned char"),
            new Btf.Member("h_proto", 96, 16, 1, "__be16"));
    // include/uapi/linux/bpf.h: BPF_PROG_TYPE_SOCKET_FILTER follows UNSPEC
    assertThat(btf.enumerator("BPF_PROG_TYPE_SOCKET_FILTER")).hasValue(1);
  }
}
