package io.vethtrace.daemon.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LibbpfTest {
  @Test
  void a_library_that_is_not_installed_is_named_with_its_packages() {
    assertThatThrownBy(() -> Libbpf.load("libbpf.so.999"))
        .isInstanceOf(LibbpfMissingException.class)
        .hasMessage(
            "libbpf.so.999 is missing: install the package libbpf1 (Debian, Ubuntu) or libbpf"
                + " (Fedora)");
  }

  @Test
  void a_library_that_lacks_a_symbol_is_named_with_it() {
    assertThatThrownBy(
            () -> NativeSymbols.ofLibc().returningInt("bpf_object__load", NativeSymbols.POINTER))
        .isInstanceOf(LibbpfMissingException.class)
        .hasMessageContaining("libc has no bpf_object__load");
  }

  @Test
  void the_version_is_of_the_first_generation() {
    assertThat(Libbpf.load().version()).startsWith("v1.");
  }

  @Test
  void an_object_that_is_no_elf_fails_with_errno_and_with_the_last_words_of_libbpf() {
    byte[] text = "not an object".getBytes(StandardCharsets.UTF_8);
    BpfException failure =
        catchThrowableOfType(BpfException.class, () -> Libbpf.load().open("broken", text));
    assertThat(failure.operation()).isEqualTo("bpf_object__open_mem broken");
    assertThat(failure.errno()).isPositive();
    assertThat(failure.warnings()).contains("elf");
    assertThat(failure.getMessage()).contains(failure.errnoName()).contains(failure.warnings());
  }

  @Test
  void the_last_words_of_one_failure_are_not_those_of_the_next() {
    byte[] text = "not an object".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Libbpf.load().open("first", text)).isInstanceOf(BpfException.class);
    BpfException second =
        catchThrowableOfType(BpfException.class, () -> Libbpf.load().open("second", text));
    assertThat(second.warnings().lines()).hasSize(1);
  }

  @Test
  void a_number_without_a_name_stays_a_number() {
    assertThat(BpfErrno.name(BpfErrno.ENOTSUPP)).isEqualTo("ENOTSUPP");
    assertThat(BpfErrno.name(4711)).isEqualTo("errno 4711");
  }
}
