package io.vethtrace.daemon.diagnose.netfilter;

import com.google.common.net.InetAddresses;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.vethtrace.daemon.kernel.filtering.NftChain;
import io.vethtrace.daemon.kernel.filtering.NftRuleset;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/**
 * Matches a packet against an expression of nft's JSON (libnftables-json(5)). An expression that is
 * not understood here may match.
 */
record NftExpressionMatcher(NftPacket packet, NftRuleset ruleset, NftChain chain) {
  /** nft --numeric prints these as the host reads the big-endian number (nft 1.0.6). */
  private static final Set<String> PRINTED_SWAPPED =
      Set.of("ether type", "arp operation", "meta protocol");

  private static final Object UNKNOWN = new Object();

  /** A match statement: {@code left op right}. */
  NftMatchResult match(JsonObject statement) {
    JsonElement left = statement.get("left");
    JsonElement right = statement.get("right");
    return switch (statement.get("op").getAsString()) {
      case "==", "in" -> isOneOf(left, right);
      case "!=" -> isAbsent(left) ? NftMatchResult.NO : isOneOf(left, right).not();
      case "<" -> compares(left, right, Set.of(-1));
      case ">" -> compares(left, right, Set.of(1));
      case "<=" -> compares(left, right, Set.of(-1, 0));
      case ">=" -> compares(left, right, Set.of(0, 1));
      default -> NftMatchResult.MAYBE;
    };
  }

  /**
   * Compares the packet's {@code key} with {@code right}, or with each element of {@code right}.
   */
  NftMatchResult isOneOf(JsonElement key, JsonElement right) {
    if (isAbsent(key)) {
      return NftMatchResult.NO;
    }
    Object value = value(key);
    return value == UNKNOWN ? NftMatchResult.MAYBE : holds(value, right, printedSwapped(key));
  }

  private NftMatchResult compares(JsonElement left, JsonElement right, Set<Integer> wanted) {
    if (isAbsent(left)) {
      return NftMatchResult.NO;
    }
    return value(left) instanceof Long number && isNumber(right)
        ? NftMatchResult.of(wanted.contains(Long.signum(Long.compare(number, right.getAsLong()))))
        : NftMatchResult.MAYBE;
  }

  /** Returns true if the packet surely lacks the header that the key names. */
  private boolean isAbsent(JsonElement key) {
    return member(key, "payload")
        .filter(payload -> payload.has("protocol"))
        .filter(payload -> !packet.fields().mayHave(payload.get("protocol").getAsString()))
        .isPresent();
  }

  private Object value(JsonElement key) {
    return name(key)
        .flatMap(name ->
            switch (name) {
              case "meta iifname", "meta iif" -> packet.in().map(Object.class::cast);
              case "meta oifname", "meta oif" -> packet.out().map(Object.class::cast);
              default -> packet.fields().value(name);
            })
        .orElse(UNKNOWN);
  }

  private static boolean printedSwapped(JsonElement key) {
    return name(key).filter(PRINTED_SWAPPED::contains).isPresent();
  }

  /** "ip saddr", "meta iifname". */
  private static Optional<String> name(JsonElement key) {
    Optional<String> payload =
        member(key, "payload")
            .filter(p -> p.has("protocol") && p.has("field"))
            .map(p -> p.get("protocol").getAsString() + " " + p.get("field").getAsString());
    return payload.or(() -> member(key, "meta").map(m -> "meta " + m.get("key").getAsString()));
  }

  private static Optional<JsonObject> member(JsonElement element, String name) {
    return element instanceof JsonObject object && object.get(name) instanceof JsonObject member
        ? Optional.of(member)
        : Optional.empty();
  }

  private NftMatchResult holds(Object value, JsonElement right, boolean swapped) {
    return switch (right) {
      case JsonArray all -> holdsAny(value, all, swapped);
      case JsonObject object when object.get("set") instanceof JsonArray all ->
          holdsAny(value, all, swapped);
      case JsonObject object when object.get("elem") instanceof JsonObject elem ->
          holds(value, elem.get("val"), swapped);
      case JsonObject object when object.get("prefix") instanceof JsonObject prefix ->
          holdsPrefix(value, prefix);
      case JsonObject object when object.get("range") instanceof JsonArray range ->
          holdsRange(value, range);
      case JsonPrimitive text when text.isString() && text.getAsString().startsWith("@") ->
          ruleset
              .set(chain, text.getAsString().substring(1))
              .map(elements -> holdsAny(value, elements, swapped))
              .orElse(NftMatchResult.MAYBE);
      case JsonPrimitive single -> equal(value, single, swapped);
      default -> NftMatchResult.MAYBE;
    };
  }

  private NftMatchResult holdsAny(Object value, JsonArray all, boolean swapped) {
    NftMatchResult any = NftMatchResult.NO;
    for (JsonElement one : all) {
      any = any.or(holds(value, one, swapped));
    }
    return any;
  }

  private static NftMatchResult equal(Object value, JsonPrimitive single, boolean swapped) {
    return switch (value) {
      case Long number when single.isNumber() ->
          NftMatchResult.of(
              number == single.getAsLong() || (swapped && number == swap16(single.getAsLong())));
      case InetAddress address ->
          address(single)
              .map(other -> NftMatchResult.of(other.equals(address)))
              .orElse(NftMatchResult.MAYBE);
      case String name when single.isString() -> isName(name, single.getAsString());
      default -> NftMatchResult.MAYBE;
    };
  }

  /** A name of a device; "veth*" stands for all that begin so. */
  private static NftMatchResult isName(String name, String pattern) {
    return NftMatchResult.of(
        pattern.endsWith("*")
            ? name.startsWith(pattern.substring(0, pattern.length() - 1))
            : name.equals(pattern));
  }

  private static NftMatchResult holdsPrefix(Object value, JsonObject prefix) {
    Optional<InetAddress> network = address(prefix.get("addr"));
    if (!(value instanceof InetAddress address) || network.isEmpty()) {
      return NftMatchResult.MAYBE;
    }
    byte[] bytes = address.getAddress();
    int ignored = bytes.length * 8 - prefix.get("len").getAsInt();
    return NftMatchResult.of(
        bytes.length == network.get().getAddress().length
            && number(address)
                .shiftRight(ignored)
                .equals(number(network.get()).shiftRight(ignored)));
  }

  private static NftMatchResult holdsRange(Object value, JsonArray range) {
    JsonElement from = range.get(0);
    JsonElement to = range.get(1);
    if (value instanceof Long number && isNumber(from) && isNumber(to)) {
      return NftMatchResult.of(number >= from.getAsLong() && number <= to.getAsLong());
    }
    if (value instanceof InetAddress address && address(from).isPresent()) {
      BigInteger n = number(address);
      return address(to)
          .map(last ->
              NftMatchResult.of(
                  n.compareTo(number(address(from).get())) >= 0 && n.compareTo(number(last)) <= 0))
          .orElse(NftMatchResult.MAYBE);
    }
    return NftMatchResult.MAYBE;
  }

  private static Optional<InetAddress> address(JsonElement element) {
    return element instanceof JsonPrimitive text
            && text.isString()
            && InetAddresses.isInetAddress(text.getAsString())
        ? Optional.of(InetAddresses.forString(text.getAsString()))
        : Optional.empty();
  }

  private static BigInteger number(InetAddress address) {
    return new BigInteger(1, address.getAddress());
  }

  private static boolean isNumber(JsonElement element) {
    return element instanceof JsonPrimitive primitive && primitive.isNumber();
  }

  private static long swap16(long value) {
    return Short.toUnsignedLong(Short.reverseBytes((short) value));
  }
}
