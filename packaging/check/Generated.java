// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Generates the eBPF objects and the protocol classes. Each is generated again only after its
 * sources changed.
 */
record Generated(Workspace workspace) {
  static Path bpfResources(Workspace workspace) {
    return workspace.folder().resolve("bpf/classes");
  }

  static Path protoSources(Workspace workspace) {
    return workspace.folder().resolve("proto/generated");
  }

  void bpfObjects() throws IOException, InterruptedException {
    List<Path> sources = new ArrayList<>();
    for (Path file : Workspace.files(workspace.root().resolve("bpf"))) {
      if (!file.startsWith(workspace.root().resolve("bpf/target"))) {
        sources.add(file);
      }
    }
    Path out = workspace.folder().resolve("bpf");
    whereChanged(
        out,
        sources,
        "the BPF objects",
        () ->
            Command.run(
                workspace.root().resolve("bpf"),
                "make",
                "--silent",
                "OUT=" + bpfResources(workspace).resolve("io/vethtrace/bpf"),
                "LAB=" + out.resolve("lab"),
                "OBJ=" + out.resolve("objects")));
  }

  void protoSources() throws IOException, InterruptedException {
    List<Path> sources =
        new ArrayList<>(Workspace.files(workspace.root().resolve("proto/src/main/proto")));
    sources.add(workspace.root().resolve("proto/pom.xml"));
    sources.add(workspace.root().resolve("pom.xml"));
    Path out = protoSources(workspace);
    whereChanged(
        out,
        sources,
        "the protocol's classes",
        () -> {
          Workspace.delete(out);
          Command.run(
              workspace.root(),
              "mvn",
              "-q",
              "-pl",
              "proto",
              "generate-sources",
              "-Dprotobuf.output=" + out,
              "-Dprotobuf.descriptor=" + out.resolveSibling("vethtrace.v1.binpb"),
              "-Dprotobuf.compiler.incremental=false",
              "-Dspotless.check.skip");
        });
  }

  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  private void whereChanged(Path out, List<Path> sources, String what, Step step)
      throws IOException, InterruptedException {
    Path stamp = out.resolveSibling(out.getFileName() + ".of");
    String wanted = Workspace.hash(sources);
    if (!Files.exists(stamp) || !Files.readString(stamp).equals(wanted)) {
      System.out.println("Making " + what + " ...");
      Files.deleteIfExists(stamp);
      Files.createDirectories(out);
      step.run();
      Files.writeString(stamp, wanted);
    }
  }
}
