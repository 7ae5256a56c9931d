package io.vethtrace.daemon.kernel.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.kernel.host.KernelRelease;
import io.vethtrace.daemon.kernel.netlink.Errno;
import io.vethtrace.daemon.kernel.shell.ShellWord;
import io.vethtrace.daemon.kernel.sysctl.DeviceSysctl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelNamesTest {
  @ParameterizedTest
  @CsvSource({
    "1,EPERM",
    "18,EXDEV",
    "22,EINVAL",
    "-22,EINVAL",
    "35,EDEADLK",
    "42,ENOMSG",
    "59,EBFONT",
    "95,EOPNOTSUPP",
    "110,ETIMEDOUT",
    "133,EHWPOISON",
    "512,ERESTARTSYS",
    "521,EBADHANDLE",
    "524,ENOTSUPP",
    "531,ENOGRACE"
  })
  void an_errno_has_the_kernels_name(int errno, String name) {
    assertThat(Errno.name(errno)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 41, 58, 134, 511, 520, 532, 4095})
  void a_number_that_is_no_errno_is_said_as_it_is(int errno) {
    assertThat(Errno.name(errno)).isEqualTo("errno " + errno);
  }

  @Test
  void a_key_has_slashes_where_the_device_has_dots() {
    assertThat(DeviceSysctl.ipv4Conf("veth0", "rp_filter"))
        .isEqualTo("net.ipv4.conf.veth0.rp_filter");
    assertThat(DeviceSysctl.ipv4Conf("eth0.100", "rp_filter"))
        .isEqualTo("net.ipv4.conf.eth0/100.rp_filter");
    assertThat(DeviceSysctl.ipv4Conf(DeviceSysctl.ALL, "accept_local"))
        .isEqualTo("net.ipv4.conf.all.accept_local");
  }

  @ParameterizedTest
  @ValueSource(strings = {"veth0", "a b", "it's", "$(id)", "", "\"", "a;b", "ü", "*", "-n", "\\"})
  void a_shell_reads_a_word_back_as_it_was(String value) throws IOException, InterruptedException {
    Process shell = new ProcessBuilder("sh", "-c", "printf %s " + ShellWord.of(value)).start();

    String read = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).isZero();
    assertThat(read).isEqualTo(value);
  }

  @Test
  void a_plain_word_stays_plain() {
    assertThat(ShellWord.of("net.ipv4.conf.eth0/100.rp_filter"))
        .isEqualTo("net.ipv4.conf.eth0/100.rp_filter");
  }

  @Test
  void the_release_is_what_uname_says() throws IOException {
    KernelRelease kernel = KernelRelease.ofRunningKernel();

    assertThat(kernel.release()).isEqualTo(uname("-r"));
    assertThat(kernel.machine()).isEqualTo(uname("-m"));
  }

  private static String uname(String option) throws IOException {
    Process uname = new ProcessBuilder("uname", option).start();
    return new String(uname.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }
}
