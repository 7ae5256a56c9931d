package io.vethtrace.cli.print;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Prints messages as JSON: one object a line, with the original field names and all fields. */
public final class MessageJson {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer()
          .preservingProtoFieldNames()
          .alwaysPrintFieldsWithNoPresence()
          .omittingInsignificantWhitespace();

  /** One escape sequence. An escaped backslash is one too and does not begin another. */
  private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u00(3d|27|3c|3e|26)|.)");

  private MessageJson() {}

  public static String of(MessageOrBuilder message) {
    try {
      return readable(PRINTER.print(message));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("only messages with Any can fail", e);
    }
  }

  /** Returns an object with this one field. */
  public static String of(String name, MessageOrBuilder message) {
    return new JsonObject().put(name, message).toString();
  }

  /** Undoes escapes that only HTML needs, so that grep finds a command with "=". */
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
