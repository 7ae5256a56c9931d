package io.vethtrace.daemon.probe.attach;

import java.util.List;
import java.util.stream.Stream;

/** A way of attaching to a probe point. The parts of its label are the suffixes of its programs. */
public enum Mechanism {
  FENTRY("fentry"),
  FEXIT("fexit"),
  KPROBE("kprobe"),
  KPROBE_AND_KRETPROBE("kprobe+kretprobe"),
  TP_BTF("tp_btf"),
  RAW_TP("raw_tp");

  private final String label;

  Mechanism(String label) {
    this.label = label;
  }

  /** Returns the name of the mechanism for users. */
  public String label() {
    return label;
  }

  /** The programs that it takes from the object for {@code point}. */
  public List<String> programs(String point) {
    return Stream.of(label.split("\\+", -1)).map(suffix -> point + "_" + suffix).toList();
  }

  public boolean isTrampoline() {
    return this == FENTRY || this == FEXIT;
  }

  public boolean isKprobe() {
    return this == KPROBE || this == KPROBE_AND_KRETPROBE;
  }
}
