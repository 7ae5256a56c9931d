package io.vethtrace.cli.lab;

import io.vethtrace.cli.connect.InstallationFolder;
import io.vethtrace.cli.exit.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All faults of a folder, in the order of their names. */
public record FaultLibrary(List<Fault> faults) {
  public FaultLibrary {
    faults = List.copyOf(faults);
  }

  /** Reads the given folder, or else that of this installation. */
  public static FaultLibrary open(Optional<Path> given) {
    Path folder =
        given
            .or(() -> InstallationFolder.find().map(home -> home.resolve("lab/faults")))
            .orElseThrow(() ->
                Failure.usage(
                    "the installation's faults were not found; name a folder with --faults"));
    try (Stream<Path> files = Files.list(folder)) {
      TopologyLibrary topologies = TopologyLibrary.of(folder);
      return new FaultLibrary(
          files
              .filter(file -> file.toString().endsWith(YamlFile.SUFFIX))
              .sorted()
              .map(file -> FaultFile.read(file, topologies))
              .toList());
    } catch (IOException e) {
      throw Failure.usage(
          "no faults in %s, which cannot be read; name a folder with --faults".formatted(folder));
    }
  }

  /** Returns the fault with this name. */
  public Fault get(String name) {
    return faults.stream()
        .filter(fault -> fault.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            Failure.usage("no fault '%s'; vethtrace lab list shows them all".formatted(name)));
  }
}
