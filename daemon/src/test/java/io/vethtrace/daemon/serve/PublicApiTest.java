package io.vethtrace.daemon.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.vethtrace.v1.CaptureReport;
import io.vethtrace.v1.CaptureRequest;
import io.vethtrace.v1.DropReason;
import io.vethtrace.v1.Hop;
import io.vethtrace.v1.RecordingEntry;
import io.vethtrace.v1.StatusRequest;
import io.vethtrace.v1.WatchRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares vethtrace.v1 with the descriptors of each release, {@code
 * proto/released/vethtrace.v1-VERSION.binpb} (a FileDescriptorSet): a program that was built with a
 * release works with every later daemon. {@code make release-descriptor} writes the file of a
 * version.
 */
class PublicApiTest {
  private static final Path PROTO = Path.of("../proto");

  private static final List<FileDescriptor> FILES =
      List.of(
          CaptureReport.getDescriptor().getFile(),
          CaptureRequest.getDescriptor().getFile(),
          DropReason.getDescriptor().getFile(),
          Hop.getDescriptor().getFile(),
          RecordingEntry.getDescriptor().getFile(),
          StatusRequest.getDescriptor().getFile(),
          WatchRequest.getDescriptor().getFile());

  /** Everything that a program relies on, a line each: "Hop.hook = 1 TYPE_STRING". */
  private static final class Api {
    final Set<String> elements = new TreeSet<>();

    static Api of(Stream<FileDescriptorProto> files) {
      Api api = new Api();
      files.forEach(file -> {
        file.getMessageTypeList().forEach(message -> api.add("", message));
        file.getEnumTypeList().forEach(values -> api.add("", values));
        file.getServiceList().forEach(api::add);
      });
      return api;
    }

    private void add(String scope, DescriptorProto message) {
      String name = scope + message.getName();
      elements.add("message " + name);
      message.getFieldList().forEach(field -> add(name, field, message));
      message.getNestedTypeList().forEach(nested -> add(name + ".", nested));
      message.getEnumTypeList().forEach(nested -> add(name + ".", nested));
    }

    private void add(String message, FieldDescriptorProto field, DescriptorProto in) {
      String oneof =
          field.hasOneofIndex() ? " in " + in.getOneofDecl(field.getOneofIndex()).getName() : "";
      elements.add(
          "%s.%s = %d %s %s %s%s"
              .formatted(
                  message,
                  field.getName(),
                  field.getNumber(),
                  field.getLabel(),
                  field.getType(),
                  field.getTypeName(),
                  oneof));
    }

    private void add(String scope, EnumDescriptorProto values) {
      String name = scope + values.getName();
      values
          .getValueList()
          .forEach(value ->
              elements.add("%s.%s = %d".formatted(name, value.getName(), value.getNumber())));
    }

    private void add(ServiceDescriptorProto service) {
      for (MethodDescriptorProto method : service.getMethodList()) {
        elements.add(
            "%s.%s(%s%s) returns (%s%s)"
                .formatted(
                    service.getName(),
                    method.getName(),
                    method.getClientStreaming() ? "stream " : "",
                    method.getInputType(),
                    method.getServerStreaming() ? "stream " : "",
                    method.getOutputType()));
      }
    }
  }

  private static Api current() {
    return Api.of(FILES.stream().map(FileDescriptor::toProto));
  }

  private static List<Path> releases() throws IOException {
    try (Stream<Path> files = Files.list(PROTO.resolve("released"))) {
      return files.sorted().toList();
    }
  }

  private static Api api(Path release) throws IOException {
    try (InputStream set = Files.newInputStream(release)) {
      return Api.of(FileDescriptorSet.parseFrom(set).getFileList().stream());
    }
  }

  @Test
  void every_proto_file_is_held() throws IOException {
    try (Stream<Path> files = Files.list(PROTO.resolve("src/main/proto/vethtrace/v1"))) {
      assertThat(FILES.stream().map(FileDescriptor::getName))
          .containsExactlyInAnyOrderElementsOf(
              files.map(file -> "vethtrace/v1/" + file.getFileName()).toList());
    }
  }

  @Test
  void there_is_a_release() throws IOException {
    assertThat(releases()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("releases")
  void what_was_released_is_still_there_so_that_no_number_is_used_for_anything_else(Path release)
      throws IOException {
    assertThat(api(release).elements).hasSizeGreaterThan(200);
    assertThat(current().elements).containsAll(api(release).elements);
  }

  @Test
  void every_enum_begins_with_an_unspecified_value() {
    List<EnumDescriptorProto> enums = new ArrayList<>();
    for (FileDescriptor file : FILES) {
      enums.addAll(file.toProto().getEnumTypeList());
      file.toProto().getMessageTypeList().forEach(m -> enums.addAll(m.getEnumTypeList()));
    }
    assertThat(enums)
        .isNotEmpty()
        .allSatisfy(values -> {
          assertThat(values.getValue(0).getName()).endsWith("UNSPECIFIED");
          assertThat(values.getValue(0).getNumber()).isZero();
        });
  }
}
