package io.vethtrace.cli.print;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;

/**
 * Messages as programs read them: one object a line, the original field names, no field left out.
 */
public final class Json {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer()
          .preservingProtoFieldNames()
          .alwaysPrintFieldsWithNoPresence()
          .omittingInsignificantWhitespace();

  private Json() {}

  public static String of(MessageOrBuilder message) {
    try {
      return PRINTER.print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("only messages with Any can fail", e);
    }
  }

  /** An object with this one field. */
  public static String of(String name, MessageOrBuilder message) {
    return new JsonObject().put(name, message).toString();
  }
}
