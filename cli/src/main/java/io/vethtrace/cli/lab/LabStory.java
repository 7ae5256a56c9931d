package io.vethtrace.cli.lab;

import io.vethtrace.v1.WhyReport;
import java.util.List;

/** Is told each step of a run as it happens. */
public interface LabStory {
  void begin(Fault fault, LabNames names);

  void investigate(List<String> argv);

  void report(WhyReport report);

  void cure(String command, int exitCode, String output);

  /** For programs, which read the results. */
  static LabStory untold() {
    return new Untold();
  }

  /** Says nothing. */
  final class Untold implements LabStory {
    private Untold() {}

    @Override
    public void begin(Fault fault, LabNames names) {}

    @Override
    public void investigate(List<String> argv) {}

    @Override
    public void report(WhyReport report) {}

    @Override
    public void cure(String command, int exitCode, String output) {}
  }
}
