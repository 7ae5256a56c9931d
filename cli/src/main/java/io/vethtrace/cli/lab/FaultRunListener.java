package io.vethtrace.cli.lab;

import io.vethtrace.v1.WhyReport;
import java.util.List;

/** Receives each step of a fault's run when it happens. */
public interface FaultRunListener {
  void begin(Fault fault, FaultVariables variables);

  void investigate(List<String> argv);

  void report(WhyReport report);

  void fix(String command, int exitCode, String output);

  /** Returns a listener that prints nothing, for programs, which read the results. */
  static FaultRunListener silent() {
    return new Silent();
  }

  /** Ignores every step. */
  final class Silent implements FaultRunListener {
    private Silent() {}

    @Override
    public void begin(Fault fault, FaultVariables variables) {}

    @Override
    public void investigate(List<String> argv) {}

    @Override
    public void report(WhyReport report) {}

    @Override
    public void fix(String command, int exitCode, String output) {}
  }
}
