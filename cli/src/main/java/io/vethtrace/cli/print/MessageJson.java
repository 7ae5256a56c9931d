package io.vethtrace.cli.print;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Messages as programs read them: one object a line, the original field names, no field left out.
 */
public final class MessageJson {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer()
          .preservingProtoFieldNames()
          .alwaysPrintFieldsWithNoPresence()
          .omittingInsignificantWhitespace();

  /**
   * A whole escape sequence each, so that an escaped backslash is never taken for the start of one.
   */
  private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u00(3d|27|3c|3e|26)|.)");

  private MessageJson() {}

  public static String of(MessageOrBuilder message) {
    try {
      return readable(PRINTER.print(message));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("only messages with Any can fail", e);
    }
  }

  /** An object with this one field. */
  public static String of(String name, MessageOrBuilder message) {
    return new JsonObject().put(name, message).toString();
  }

  /** JsonFormat escapes for HTML what JSON need not: a command with "=" should be found by grep. */
  private static String readable(String json) {
    return ESCAPE
        .matcher(json)
        .replaceAll(escape ->
            Matcher.quoteReplacement(
                escape.group(1) == null
                    ? escape.group()
                    : Character.toString(Integer.parseInt(escape.group(1), 16))));
  }
}
