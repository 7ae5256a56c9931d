package io.vethtrace.daemon.kernel.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.kernel.drop.DropReasons;
import io.vethtrace.daemon.kernel.drop.HandMadeKernelNames;
import io.vethtrace.daemon.kernel.host.KernelFacts.DriverBtf;
import io.vethtrace.daemon.kernel.host.KernelFacts.Lockdown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads /proc and /sys of machines that are not this one. */
class KernelFactsReaderTest {
  @TempDir private Path machine;

  private KernelFacts read() {
    return new KernelFactsReader(machine.resolve("proc"), machine.resolve("sys"))
        .read(HandMadeKernelNames.symbols(0xffffffff81000000L, "icmp_rcv"), DropReasons.none());
  }

  private void has(String file, String text) throws IOException {
    Path path = machine.resolve(file);
    Files.createDirectories(Objects.requireNonNull(path.getParent()));
    Files.writeString(path, text);
  }

  @Test
  void where_nothing_can_be_read_every_fact_says_so() {
    KernelFacts facts = read();
    assertThat(facts.btf().vmlinux()).hasValue("is missing");
    assertThat(facts.btf().veth()).isEqualTo(DriverBtf.NOT_LOADED);
    assertThat(facts.kprobes().pmu()).isFalse();
    assertThat(facts.kprobes().disarmed()).isFalse();
    assertThat(facts.lockdown()).isEqualTo(Lockdown.UNREADABLE);
    assertThat(facts.memlockBytes()).isEmpty();
    assertThat(facts.capabilities().held()).isEmpty();
    assertThat(facts.namespaces().seesPid1()).isFalse();
  }

  @Test
  void the_mode_in_brackets_is_the_one_that_holds() throws IOException {
    has("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
    assertThat(read().lockdown()).isEqualTo(Lockdown.INTEGRITY);
    has("sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
    assertThat(read().lockdown()).isEqualTo(Lockdown.CONFIDENTIALITY);
  }

  @Test
  void kprobes_that_are_switched_off_are_found_out() throws IOException {
    has("sys/bus/event_source/devices/kprobe/type", "8\n");
    has("sys/kernel/debug/kprobes/enabled", "1\n");
    assertThat(read().kprobes().disarmed()).isFalse();
    has("sys/kernel/debug/kprobes/enabled", "0\n");
    assertThat(read().kprobes().disarmed()).isTrue();
    assertThat(read().kprobes().pmu()).isTrue();
  }

  @Test
  void settings_are_numbers_below_zero_too() throws IOException {
    has("proc/sys/kernel/perf_event_paranoid", "-1\n");
    has("proc/sys/kernel/kptr_restrict", "2\n");
    assertThat(read().kprobes().perfEventParanoid()).hasValue(-1);
    assertThat(read().symbols().kptrRestrict()).hasValue(2);
  }

  @Test
  void the_soft_limit_on_locked_memory_counts() throws IOException {
    has(
        "proc/self/limits",
        "Max locked memory         65536                67108864   bytes     \n");
    assertThat(read().memlockBytes()).hasValue(65536);
    has(
        "proc/self/limits",
        "Max locked memory         unlimited            unlimited  bytes     \n");
    assertThat(read().memlockBytes()).isEmpty();
  }

  @Test
  void a_module_is_told_from_a_driver_that_is_built_in() throws IOException {
    has("sys/module/veth/initstate", "live\n");
    assertThat(read().btf().veth()).isEqualTo(DriverBtf.LOADED_WITHOUT_BTF);
    has("sys/kernel/btf/veth", "");
    assertThat(read().btf().veth()).isEqualTo(DriverBtf.IN_MODULE_BTF);
  }
}
