package io.vethtrace.cli.lab;

import io.vethtrace.cli.connect.InstallationFolder;
import io.vethtrace.cli.exit.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All topologies that the faults of one folder may name. */
record TopologyLibrary(List<Topology> topologies) {
  private static final String FOLDER = "topologies";

  TopologyLibrary {
    topologies = List.copyOf(topologies);
  }

  /** Reads the folder topologies beside the folder of faults, or else that of this installation. */
  static TopologyLibrary of(Path faults) {
    return Optional.of(faults.toAbsolutePath().normalize().resolveSibling(FOLDER))
        .filter(Files::isDirectory)
        .or(() ->
            InstallationFolder.find()
                .map(home -> home.resolve("lab").resolve(FOLDER))
                .filter(Files::isDirectory))
        .map(TopologyLibrary::read)
        .orElseGet(() -> new TopologyLibrary(List.of()));
  }

  private static TopologyLibrary read(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return new TopologyLibrary(
          files
              .filter(file -> file.toString().endsWith(YamlFile.SUFFIX))
              .sorted()
              .map(TopologyFile::read)
              .toList());
    } catch (IOException e) {
      throw Failure.usage("%s cannot be read: %s".formatted(folder, Failure.reason(e)));
    }
  }

  Optional<Topology> find(String name) {
    return topologies.stream().filter(topology -> topology.name().equals(name)).findFirst();
  }

  /** Returns the error for a name that no topology has. */
  String unknown(String name) {
    String known = topologies.stream().map(Topology::name).collect(Collectors.joining(", "));
    return "no topology '%s'; there %s"
        .formatted(name, known.isEmpty() ? "are none" : "are " + known);
  }
}
