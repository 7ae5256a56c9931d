package io.vethtrace.cli.print;

import com.google.protobuf.BoolValue;
import com.google.protobuf.DoubleValue;
import com.google.protobuf.Int32Value;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.StringValue;
import java.util.StringJoiner;

/** A JSON object that is not a message. Its values have the form of protobuf's JSON mapping. */
public final class JsonObject {
  private final StringJoiner fields = new StringJoiner(",", "{", "}");

  public JsonObject put(String name, String value) {
    return put(name, StringValue.of(value));
  }

  public JsonObject put(String name, boolean value) {
    return put(name, BoolValue.of(value));
  }

  public JsonObject put(String name, int value) {
    return put(name, Int32Value.of(value));
  }

  public JsonObject put(String name, double value) {
    return put(name, DoubleValue.of(value));
  }

  public JsonObject put(String name, MessageOrBuilder value) {
    fields.add(MessageJson.of(StringValue.of(name)) + ":" + MessageJson.of(value));
    return this;
  }

  @Override
  public String toString() {
    return fields.toString();
  }
}
