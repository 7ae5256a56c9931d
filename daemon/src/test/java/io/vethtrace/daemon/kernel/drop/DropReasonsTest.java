package io.vethtrace.daemon.kernel.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vethtrace.daemon.kernel.btf.Btf;
import io.vethtrace.daemon.kernel.btf.BtfBlob;
import io.vethtrace.daemon.kernel.btf.BtfBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DropReasonsTest {
  private static DropReasons sample() {
    BtfBytes btf = new BtfBytes();
    btf.type("skb_drop_reason", BtfBlob.KIND_ENUM, false, 6, 4);
    btf.name("SKB_NOT_DROPPED_YET").word(0);
    btf.name("SKB_CONSUMED").word(1);
    btf.name("SKB_DROP_REASON_NOT_SPECIFIED").word(2);
    btf.name("SKB_DROP_REASON_IP_RPFILTER").word(3);
    btf.name("SKB_DROP_REASON_MAX").word(4);
    btf.name("SKB_DROP_REASON_SUBSYS_MASK").word(0xffff0000);
    btf.enumOf(
        "skb_drop_reason_subsys",
        "SKB_DROP_REASON_SUBSYS_CORE",
        "SKB_DROP_REASON_SUBSYS_OPENVSWITCH",
        "SKB_DROP_REASON_SUBSYS_NUM");
    return DropReasons.of(btf.btf());
  }

  @Test
  void names_lose_the_kernels_prefix() {
    assertThat(sample().all().values())
        .containsExactly("NOT_DROPPED_YET", "CONSUMED", "NOT_SPECIFIED", "IP_RPFILTER");
  }

  @Test
  void a_name_leads_to_its_number_with_and_without_prefix() {
    assertThat(sample().number("IP_RPFILTER")).hasValue(3);
    assertThat(sample().number("SKB_DROP_REASON_IP_RPFILTER")).hasValue(3);
    assertThat(sample().number("SKB_CONSUMED")).hasValue(1);
    assertThat(sample().number("NO_SUCH_REASON")).isEmpty();
  }

  @Test
  void limits_and_masks_of_the_enum_are_no_reasons() {
    assertThat(sample().name(4)).isEmpty();
    assertThat(sample().number("MAX")).isEmpty();
    assertThat(sample().number("SUBSYS_MASK")).isEmpty();
  }

  @Test
  void a_reason_without_a_name_stays_a_number() {
    assertThat(sample().nameOrNumber(3)).isEqualTo("IP_RPFILTER");
    assertThat(sample().nameOrNumber(77)).isEqualTo("77");
    assertThat(sample().nameOrNumber(-1)).isEqualTo("4294967295");
  }

  @Test
  void a_reason_of_a_subsystem_names_the_subsystem() {
    assertThat(sample().nameOrNumber(1 << 16 | 9)).isEqualTo("OPENVSWITCH:9");
    assertThat(sample().nameOrNumber(2 << 16 | 9)).isEqualTo("131081");
  }

  @Test
  void what_lies_below_not_specified_is_no_drop() {
    assertThat(sample().isDrop(0)).isFalse();
    assertThat(sample().isDrop(1)).isFalse();
    assertThat(sample().isDrop(2)).isTrue();
    assertThat(sample().isDrop(1 << 16 | 9)).isTrue();
  }

  @Test
  void a_kernel_that_lost_its_names_has_numbers_that_are_drops_but_for_those_it_still_names() {
    DropReasons unnamed = HandMadeKernelNames.unnamedReasonsOfRouting();

    assertThat(unnamed.areNamed()).isFalse();
    assertThat(unnamed.all().values()).containsExactly("NOT_DROPPED_YET", "CONSUMED");
    assertThat(unnamed.nameOrNumber(87)).isEqualTo("87");
    assertThat(unnamed.isDrop(1)).isFalse();
    assertThat(unnamed.isDrop(2)).isTrue();
  }

  @Test
  void routing_returns_reasons_where_its_functions_say_so_or_a_reason_of_theirs_has_a_name() {
    assertThat(HandMadeKernelNames.unnamedReasonsOfRouting().areReturnedBySourceCheck()).isTrue();
    assertThat(
            HandMadeKernelNames.reasons(Map.of("DROP_REASON_IP_LOCAL_SOURCE", 9))
                .areReturnedBySourceCheck())
        .isTrue();
    assertThat(sample().areReturnedBySourceCheck()).isFalse();
    assertThat(DropReasons.none().areReturnedBySourceCheck()).isFalse();
  }

  @Test
  void a_kernel_without_reasons_has_numbers_only() {
    DropReasons none = DropReasons.of(new BtfBytes().enumOf("vt_hook", "VT_A").btf());

    assertThat(none.areNamed()).isFalse();
    assertThat(none.name(3)).isEmpty();
    assertThat(none.nameOrNumber(3)).isEqualTo("3");
    assertThat(none.isDrop(0)).isTrue();
  }

  @Test
  void the_running_kernel_names_its_reasons() {
    assumeTrue(Files.isReadable(Btf.RUNNING_KERNEL), "this kernel shows no BTF");
    DropReasons reasons = DropReasons.ofRunningKernel();
    assumeTrue(reasons.areNamed(), "this kernel is older than 5.17: it has no drop reasons");

    int rpFilter = reasons.number("IP_RPFILTER").orElseThrow();
    assertThat(reasons.name(rpFilter)).hasValue("IP_RPFILTER");
    assertThat(reasons.isDrop(rpFilter)).isTrue();
    assertThat(reasons.number("NO_SOCKET")).isPresent();
  }

  private static BtfBytes withSubsystems() {
    BtfBytes btf = new BtfBytes();
    btf.enumOf("skb_drop_reason", "SKB_NOT_DROPPED_YET", "SKB_DROP_REASON_NOT_SPECIFIED");
    btf.enumOf(
        "skb_drop_reason_subsys",
        "SKB_DROP_REASON_SUBSYS_CORE",
        "SKB_DROP_REASON_SUBSYS_OPENVSWITCH",
        "SKB_DROP_REASON_SUBSYS_QDISC",
        "SKB_DROP_REASON_SUBSYS_NUM");
    btf.type("qdisc_drop_reason", BtfBlob.KIND_ENUM, false, 4, 4);
    btf.name("QDISC_DROP_UNSPEC").word(0);
    btf.name("__QDISC_DROP_REASON").word(2 << 16);
    btf.name("QDISC_DROP_OVERLIMIT").word(2 << 16 | 1);
    btf.name("QDISC_DROP_MAX").word(2 << 16 | 2);
    return btf;
  }

  @Test
  void a_subsystem_that_is_built_in_has_the_names_of_its_own_enum() {
    DropReasons reasons = DropReasons.of(withSubsystems().btf());
    assertThat(reasons.nameOrNumber(2 << 16 | 1)).isEqualTo("QDISC:OVERLIMIT");
    assertThat(reasons.number("QDISC:OVERLIMIT")).hasValue(2 << 16 | 1);
    assertThat(reasons.all().values())
        .containsExactly("NOT_DROPPED_YET", "NOT_SPECIFIED", "QDISC:OVERLIMIT");
    assertThat(reasons.isDrop(2 << 16 | 1)).isTrue();
  }

  @Test
  void the_enum_of_a_module_is_read_on_top_of_the_kernels_btf(@TempDir Path folder)
      throws IOException {
    BtfBytes kernel = new BtfBytes();
    kernel.enumOf("net_device_flags", "IFF_UP");
    BtfBytes module = kernel.module();
    module.type("ovs_drop_reason", BtfBlob.KIND_ENUM, false, 1, 4);
    module.name("OVS_DROP_METER").word(1 << 16 | 5);
    Path file = folder.resolve("openvswitch");
    Files.write(file, module.bytes().array());
    assertThat(kernel.btf().module(file).enumValues("ovs_drop_reason"))
        .hasValue(Map.of("OVS_DROP_METER", 0x10005L));
  }

  @Test
  void every_reason_of_the_running_kernel_is_explained() {
    assumeTrue(Files.isReadable(Btf.RUNNING_KERNEL), "this kernel shows no BTF");
    DropReasons reasons = DropReasons.ofRunningKernel();
    assertThat(reasons.all().values())
        .allSatisfy(name ->
            assertThat(DropReasonExplanations.of(name)).as(name).get().asString().endsWith("."));
  }
}
