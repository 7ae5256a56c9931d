package io.vethtrace.daemon.kernel.filtering;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.vethtrace.daemon.kernel.shell.HostProgram;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks nft for the ruleset: once as JSON, to reason about it, and once as text, to show it. The
 * kernel's own answer (nfnetlink) is byte code, which only nft turns back into rules.
 */
public final class NftReader {
  private static final Pattern TABLE = Pattern.compile("^table (\\S+) (\\S+) \\{.*");
  private static final Pattern RULE = Pattern.compile("^\\s+(\\S.*) # handle (\\d+)$");

  private final Map<String, List<NftRule>> rules = new HashMap<>();
  private final Map<String, String> texts = new HashMap<>();

  private NftReader() {}

  /** The calling thread's namespace; {@link NftRuleset#NONE} where there is no nft program. */
  static NftRuleset read() {
    String json = HostProgram.output("nft", "--numeric", "--json", "list", "ruleset").orElse("");
    if (json.isBlank()) {
      return NftRuleset.NONE;
    }
    return parse(json, HostProgram.output("nft", "--handle", "list", "ruleset").orElse(""));
  }

  /** {@code text} may be empty. What is no ruleset is none. */
  public static NftRuleset parse(String json, String text) {
    try {
      JsonElement root = JsonParser.parseString(json);
      return new NftReader().parse(root.getAsJsonObject().getAsJsonArray("nftables"), text);
    } catch (JsonParseException
        | IllegalStateException
        | ClassCastException
        | NumberFormatException e) {
      return NftRuleset.NONE;
    }
  }

  private NftRuleset parse(JsonArray objects, String text) {
    readTexts(text);
    Map<String, JsonArray> sets = new HashMap<>();
    List<JsonObject> chains = new ArrayList<>();
    for (JsonElement object : objects) {
      object
          .getAsJsonObject()
          .asMap()
          .forEach((kind, value) -> {
            switch (kind) {
              case "chain" -> chains.add(value.getAsJsonObject());
              case "rule" -> addRule(value.getAsJsonObject());
              case "set" -> addSet(sets, value.getAsJsonObject());
              default -> {}
            }
          });
    }
    return new NftRuleset(chains.stream().flatMap(chain -> chains(chain).stream()).toList(), sets);
  }

  private static void addSet(Map<String, JsonArray> sets, JsonObject set) {
    JsonArray elements = set.has("elem") ? set.getAsJsonArray("elem") : new JsonArray();
    sets.put(key(set, "name"), elements);
  }

  private void addRule(JsonObject rule) {
    long handle = rule.get("handle").getAsLong();
    List<JsonObject> expressions = new ArrayList<>();
    rule.getAsJsonArray("expr").forEach(e -> expressions.add(e.getAsJsonObject()));
    String text = texts.getOrDefault(tableOf(rule) + " " + handle, "");
    rules
        .computeIfAbsent(key(rule, "chain"), _ -> new ArrayList<>())
        .add(new NftRule(handle, text, expressions));
  }

  /** One for each device of a netdev chain. */
  private List<NftChain> chains(JsonObject chain) {
    JsonElement devices = chain.has("dev") ? chain.get("dev") : null;
    if (devices != null && devices.isJsonArray()) {
      return devices.getAsJsonArray().asList().stream()
          .map(device -> chain(chain, device.getAsString()))
          .toList();
    }
    return List.of(chain(chain, devices == null ? "" : devices.getAsString()));
  }

  private NftChain chain(JsonObject chain, String device) {
    return new NftChain(
        string(chain, "family"),
        string(chain, "table"),
        string(chain, "name"),
        string(chain, "hook"),
        chain.has("prio") ? chain.get("prio").getAsInt() : 0,
        string(chain, "policy").equals("drop"),
        device,
        rules.getOrDefault(key(chain, "name"), List.of()));
  }

  /** Handles are unique in a table (nft_table.hgenerator, include/net/netfilter/nf_tables.h). */
  private void readTexts(String text) {
    String table = "";
    for (String line : text.lines().toList()) {
      Matcher opened = TABLE.matcher(line);
      if (opened.matches()) {
        table = opened.group(1) + " " + opened.group(2);
      }
      Matcher rule = RULE.matcher(line);
      if (rule.matches()) {
        texts.putIfAbsent(table + " " + rule.group(2), rule.group(1));
      }
    }
  }

  private static String tableOf(JsonObject object) {
    return string(object, "family") + " " + string(object, "table");
  }

  private static String key(JsonObject object, String nameIn) {
    return NftRuleset.key(
        string(object, "family"), string(object, "table"), string(object, nameIn));
  }

  private static String string(JsonObject object, String member) {
    return object.has(member) ? object.get(member).getAsString() : "";
  }
}
