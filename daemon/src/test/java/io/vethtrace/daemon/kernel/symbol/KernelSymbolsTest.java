package io.vethtrace.daemon.kernel.symbol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelSymbolsTest {
  @TempDir Path directory;

  private KernelSymbols read(String... lines) throws IOException {
    return KallsymsReader.read(Files.write(directory.resolve("kallsyms"), List.of(lines)));
  }

  @Test
  void an_address_belongs_to_the_function_that_starts_at_or_before_it() throws IOException {
    KernelSymbols symbols =
        read("ffffffff81000000 T arp_rcv", "ffffffff81000100 t icmp_rcv", "ffffffff81000200 T end");

    assertThat(symbols.nameOrAddress(0xffffffff81000100L)).isEqualTo("icmp_rcv");
    assertThat(symbols.nameOrAddress(0xffffffff810001ffL)).isEqualTo("icmp_rcv");
    assertThat(symbols.nameAndOffset(0xffffffff810001ffL)).isEqualTo("icmp_rcv+0xff");
    assertThat(symbols.nameOrAddress(0xffffffff810000ffL)).isEqualTo("arp_rcv");
  }

  @Test
  void a_function_has_the_name_of_its_source() throws IOException {
    assertThat(read("ffffffff81000000 t ip_rcv_core.isra.0").nameOrAddress(0xffffffff81000001L))
        .isEqualTo("ip_rcv_core");
  }

  @Test
  void what_is_between_functions_of_no_module_is_the_kernels_own() throws IOException {
    KernelSymbols symbols =
        read(
            "ffffffff81000000 T arp_rcv",
            "ffffffff81000200 T end",
            "ffffffffc0300000 t ftrace_trampoline\t[__builtin__ftrace]");

    assertThat(symbols.isCore(0xffffffff81000100L)).isTrue();
    assertThat(symbols.isCore(0xffffffff80ffffffL)).isFalse();
    assertThat(symbols.isCore(0xffffffffc0301000L)).isFalse();
    assertThat(read().isCore(0xffffffff81000100L)).isFalse();
  }

  @Test
  void an_address_below_all_functions_is_shown_as_it_is() throws IOException {
    assertThat(read("ffffffff81000000 T arp_rcv").nameOrAddress(0x7f0000001234L))
        .isEqualTo("0x00007f0000001234");
  }

  @Test
  void an_address_in_data_belongs_to_no_function() throws IOException {
    KernelSymbols symbols =
        read(
            "ffffffff81000000 T arp_rcv",
            "ffffffff82000000 D table",
            "ffffffff82000100 r more",
            "ffffffff83000000 W weak_one");

    assertThat(symbols.nameOrAddress(0xffffffff82000180L)).isEqualTo("0xffffffff82000180");
    assertThat(symbols.nameOrAddress(0xffffffff83000004L)).isEqualTo("weak_one");
  }

  @Test
  void functions_of_modules_are_found_whatever_their_order() throws IOException {
    KernelSymbols symbols =
        read(
            "ffffffff81000000 T arp_rcv",
            "ffffffffc0302000 t veth_xmit\t[veth]",
            "ffffffffc0301000 t veth_poll\t[veth]");

    assertThat(symbols.nameOrAddress(0xffffffffc0301800L)).isEqualTo("veth_poll");
    assertThat(symbols.nameOrAddress(0xffffffffc0302010L)).isEqualTo("veth_xmit");
  }

  @Test
  void of_several_names_for_one_address_the_first_is_taken() throws IOException {
    KernelSymbols symbols =
        read(
            "ffffffff81000000 T first",
            "ffffffff81000100 T real_name",
            "ffffffff81000100 T alias",
            "ffffffff81000100 t another");

    assertThat(symbols.nameOrAddress(0xffffffff81000140L)).isEqualTo("real_name");
  }

  @Test
  void the_lower_half_of_the_address_space_sorts_below_the_upper() throws IOException {
    KernelSymbols symbols = read("ffff800080000000 T kernel", "0000000000001000 T low");

    assertThat(symbols.nameOrAddress(0xffff800080000010L)).isEqualTo("kernel");
    assertThat(symbols.nameOrAddress(0x1010L)).isEqualTo("low");
  }

  @Test
  void hidden_addresses_leave_numbers() throws IOException {
    KernelSymbols symbols =
        read("0000000000000000 T arp_rcv", "0000000000000000 t veth_xmit\t[veth]");

    assertThat(symbols.areKnown()).isFalse();
    assertThat(symbols.nameOrAddress(0xffffffff81000000L)).isEqualTo("0xffffffff81000000");
    assertThat(symbols.nameAndOffset(0xffffffff81000000L)).isEqualTo("0xffffffff81000000");
  }

  @Test
  void an_empty_file_and_a_last_line_without_its_end_are_read() throws IOException {
    assertThat(read().areKnown()).isFalse();

    Path file = Files.writeString(directory.resolve("cut"), "ffffffff81000000 T arp_rcv");
    assertThat(KallsymsReader.read(file).nameOrAddress(0xffffffff81000001L)).isEqualTo("arp_rcv");
  }

  @Test
  void more_symbols_than_a_buffer_holds_keep_their_names() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 80_000; i++) {
      lines.add(Long.toHexString(0xffffffff81000000L + i * 32L) + " T function_" + i);
    }
    KernelSymbols symbols = read(lines.toArray(String[]::new));

    for (int i = 0; i < 80_000; i += 977) {
      assertThat(symbols.nameOrAddress(0xffffffff81000000L + i * 32L + 31))
          .isEqualTo("function_" + i);
    }
  }

  @Test
  void the_running_kernel_names_the_functions_that_it_lists() throws IOException {
    KernelSymbols symbols = KallsymsReader.ofRunningKernel();
    assumeTrue(symbols.areKnown(), "this kernel hides its addresses (kptr_restrict)");

    try (var lines = Files.lines(KernelSymbols.RUNNING_KERNEL)) {
      String line =
          lines
              .filter(l -> l.endsWith(" T icmp_rcv") || l.endsWith(" t icmp_rcv"))
              .findFirst()
              .orElseThrow();
      long address = Long.parseUnsignedLong(line.substring(0, 16), 16);
      assertThat(symbols.nameOrAddress(address + 1)).isEqualTo("icmp_rcv");
    }
  }
}
