package io.vethtrace.daemon.probe.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vethtrace.daemon.libbpf.BpfErrno;
import io.vethtrace.daemon.libbpf.BpfException;
import io.vethtrace.daemon.probe.ProbeOptions;
import io.vethtrace.daemon.probe.Probes;
import io.vethtrace.daemon.probe.RunningKernel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class UnavailableReasonsTest {
  @Test
  void a_kernel_without_btf_is_named_with_its_option() {
    assertThatThrownBy(
            () -> UnavailableReasons.requireBtf(Path.of("/sys/kernel/btf/no-such-kernel")))
        .isInstanceOf(TracingUnavailableException.class)
        .hasMessageContaining("/sys/kernel/btf/no-such-kernel is missing")
        .hasMessageContaining("CONFIG_DEBUG_INFO_BTF");
  }

  @Test
  void without_capabilities_the_message_names_them() throws IOException, InterruptedException {
    RunningKernel.requireRoot();
    assertThat(openWithoutCapabilities())
        .startsWith("the kernel refuses BPF to this process")
        .contains("EPERM")
        .endsWith("run as root, or with the capabilities CAP_BPF and CAP_PERFMON");
  }

  @Test
  void a_ring_for_which_there_is_no_memory_asks_for_a_smaller_one() {
    BpfException refused = new BpfException("bpf_map_create vt_events", BpfErrno.ENOMEM, "", "");
    assertThat(UnavailableReasons.noMemory(512 << 20, refused))
        .hasMessage("no memory for a ring of 512 MiB (ENOMEM): pass --ring-bytes with less");
  }

  private static String openWithoutCapabilities() throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                "setpriv",
                "--bounding-set=-all",
                "--inh-caps=-all",
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OpenProbes.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.strip();
  }

  /** Opens the probes and prints why that is not possible. */
  static final class OpenProbes {
    private OpenProbes() {}

    public static void main(String[] args) {
      try (Probes probes = Probes.open(new ProbeOptions(1 << 20))) {
        System.out.println("opened " + probes.status().size());
      } catch (TracingUnavailableException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
