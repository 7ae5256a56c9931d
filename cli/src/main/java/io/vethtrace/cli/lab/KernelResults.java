package io.vethtrace.cli.lab;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.vethtrace.cli.exit.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The results of the lab's faults on one kernel, read from the output of {@code lab run -o json}
 * and then {@code status -o json}.
 *
 * @param kernel the kernel's version, or the file's name if the status is missing
 * @param complete true if the run came to its end: a guest that dies leaves no status
 * @param cells the results by the fault's name
 */
record KernelResults(String kernel, boolean complete, Map<String, Cell> cells) {
  /** The part of a release that identifies a kernel, without what its distribution appends. */
  private static final Pattern VERSION = Pattern.compile("^(\\d+\\.\\d+\\.\\d+(?:-\\d+)?).*");

  /**
   * The result of one fault on this kernel.
   *
   * @param healthy true for a healthy twin
   * @param named true if the report had the expected finding and no other
   * @param curable true if a printed command has to cure it
   * @param cured true if the traffic succeeded in the end
   * @param cause the cause of the first finding
   */
  record Cell(boolean healthy, boolean named, boolean curable, boolean cured, String cause) {
    String text() {
      if (healthy) {
        return named ? "quiet" : "**false alarm: %s**".formatted(cause);
      }
      if (!named) {
        return "**no: %s**".formatted(cause);
      }
      return curable ? cured ? "named, cured" : "named, **not cured**" : "named";
    }
  }

  static KernelResults read(Path file) {
    Map<String, Cell> cells = new LinkedHashMap<>();
    Optional<String> kernel = Optional.empty();
    try {
      for (String line : Files.readAllLines(file)) {
        Map<String, Value> fields = parse(line).getFieldsMap();
        if (fields.containsKey("fault")) {
          cells.put(text(fields, "fault"), cell(fields));
        } else if (fields.containsKey("kernel")) {
          kernel = Optional.of(VERSION.matcher(text(fields, "kernel")).replaceFirst("$1"));
        }
      }
    } catch (IOException e) {
      throw Failure.usage("%s cannot be read: %s".formatted(file, Failure.reason(e)));
    }
    return new KernelResults(
        kernel.orElse(file.getFileName().toString()), kernel.isPresent(), cells);
  }

  private static Struct parse(String line) throws IOException {
    Struct.Builder object = Struct.newBuilder();
    try {
      JsonFormat.parser().merge(line, object);
    } catch (InvalidProtocolBufferException e) {
      throw new IOException("a line is no JSON object: " + e.getMessage(), e);
    }
    return object.build();
  }

  private static Cell cell(Map<String, Value> fields) {
    return new Cell(
        text(fields, "expected_cause").equals(ExpectedFinding.NONE),
        flag(fields, "named"),
        flag(fields, "curable"),
        flag(fields, "cured"),
        text(fields, "cause"));
  }

  private static String text(Map<String, Value> fields, String name) {
    return fields.getOrDefault(name, Value.getDefaultInstance()).getStringValue();
  }

  private static boolean flag(Map<String, Value> fields, String name) {
    return fields.getOrDefault(name, Value.getDefaultInstance()).getBoolValue();
  }
}
