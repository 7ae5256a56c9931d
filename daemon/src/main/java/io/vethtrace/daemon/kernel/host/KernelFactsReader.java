package io.vethtrace.daemon.kernel.host;

import io.vethtrace.daemon.kernel.btf.Btf;
import io.vethtrace.daemon.kernel.btf.MalformedBtfException;
import io.vethtrace.daemon.kernel.drop.DropReasons;
import io.vethtrace.daemon.kernel.host.KernelFacts.BtfFacts;
import io.vethtrace.daemon.kernel.host.KernelFacts.DriverBtf;
import io.vethtrace.daemon.kernel.host.KernelFacts.KprobeFacts;
import io.vethtrace.daemon.kernel.host.KernelFacts.Lockdown;
import io.vethtrace.daemon.kernel.host.KernelFacts.NamespaceFacts;
import io.vethtrace.daemon.kernel.host.KernelFacts.SymbolFacts;
import io.vethtrace.daemon.kernel.netns.NetnsReader;
import io.vethtrace.daemon.kernel.netns.NsfsInode;
import io.vethtrace.daemon.kernel.symbol.KernelSymbols;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reads {@link KernelFacts}. What is hidden is a fact too: nothing here fails. */
public final class KernelFactsReader {
  /** The driver whose functions are probed and which most kernels have as a module. */
  private static final String DRIVER = "veth";

  private static final String DRIVER_FUNCTION = "veth_xmit";

  private final Path proc;
  private final Path sys;

  KernelFactsReader(Path proc, Path sys) {
    this.proc = proc;
    this.sys = sys;
  }

  /** Reads from this machine's /proc and /sys. */
  public static KernelFactsReader ofThisMachine() {
    return new KernelFactsReader(Path.of("/proc"), Path.of("/sys"));
  }

  /** The facts as they are now, with the names that were read before. */
  public KernelFacts read(KernelSymbols symbols, DropReasons reasons) {
    return new KernelFacts(
        KernelRelease.ofRunningKernel(),
        ProcessCapabilities.read(proc.resolve("self")),
        btf(reasons),
        new SymbolFacts(symbols.areKnown(), number("sys/kernel/kptr_restrict")),
        kprobes(),
        lockdown(),
        memlock(),
        new NamespaceFacts(NetnsReader.enterRefusal(), seesPid1()));
  }

  private BtfFacts btf(DropReasons reasons) {
    Path vmlinux = sys.resolve("kernel/btf/vmlinux");
    Optional<String> why = Optional.empty();
    if (!Files.isReadable(vmlinux)) {
      why = Optional.of(Files.exists(vmlinux) ? "may not be read" : "is missing");
    }
    return new BtfFacts(why, driver(vmlinux), reasons.all().size());
  }

  /** A driver that is built in has no folder of its own, and its functions are in vmlinux. */
  private DriverBtf driver(Path vmlinux) {
    if (Files.exists(sys.resolve("kernel/btf").resolve(DRIVER))) {
      return DriverBtf.IN_MODULE_BTF;
    }
    // Only what is a module, and not built in, has an initstate (kernel/module/sysfs.c).
    if (Files.exists(sys.resolve("module").resolve(DRIVER).resolve("initstate"))) {
      return DriverBtf.LOADED_WITHOUT_BTF;
    }
    return hasFunction(vmlinux) ? DriverBtf.BUILT_IN : DriverBtf.NOT_LOADED;
  }

  private static boolean hasFunction(Path vmlinux) {
    try {
      return Btf.read(vmlinux).hasFunction(DRIVER_FUNCTION);
    } catch (IOException | MalformedBtfException e) {
      return false;
    }
  }

  private KprobeFacts kprobes() {
    return new KprobeFacts(
        Files.exists(sys.resolve("bus/event_source/devices/kprobe/type")),
        text(sys.resolve("kernel/debug/kprobes/enabled")).equals("0"),
        number("sys/kernel/perf_event_paranoid"));
  }

  /** "none [integrity] confidentiality", security/lockdown/lockdown.c. */
  private Lockdown lockdown() {
    String modes = text(sys.resolve("kernel/security/lockdown"));
    return Arrays.stream(Lockdown.values())
        .filter(mode -> modes.toUpperCase(Locale.ROOT).contains("[" + mode + "]"))
        .findFirst()
        .orElse(Lockdown.UNREADABLE);
  }

  /** "Max locked memory 8388608 8388608 bytes"; empty where there is no limit. */
  private OptionalLong memlock() {
    return text(proc.resolve("self/limits"))
        .lines()
        .filter(line -> line.startsWith("Max locked memory"))
        .map(line -> line.split("\\s+", -1)[3])
        .filter(soft -> soft.matches("\\d+"))
        .mapToLong(Long::parseLong)
        .findFirst();
  }

  private boolean seesPid1() {
    return NsfsInode.of(proc.resolve("1/ns/net")).isPresent();
  }

  private OptionalInt number(String file) {
    String text = text(proc.resolve(file));
    return text.matches("-?\\d{1,9}")
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
