package io.vethtrace.daemon.kernel.filtering;

import io.vethtrace.daemon.kernel.netlink.NetlinkAttributes;
import java.util.Optional;

/**
 * The actions of a filter.
 *
 * @param drop true if one of the actions drops
 * @param drops packets that they dropped
 */
record TcActions(boolean drop, long drops) {
  static final TcActions NONE = new TcActions(false, 0);

  private static final int MAX_ACTIONS = 32; // TCA_ACT_MAX_PRIO, linux/pkt_cls.h
  private static final int TCA_ACT_KIND = 1;
  private static final int TCA_ACT_OPTIONS = 2;
  private static final int TCA_ACT_STATS = 4;
  private static final int TCA_GACT_PARMS = 2; // linux/tc_act/tc_gact.h
  private static final int TCA_STATS_QUEUE = 3; // linux/gen_stats.h
  private static final int TC_ACT_SHOT = 2;

  /** Attributes 1 to 32, one an action. */
  static TcActions of(NetlinkAttributes list) {
    TcActions all = NONE;
    for (int i = 1; i <= MAX_ACTIONS; i++) {
      TcActions one = list.nested(i).map(TcActions::action).orElse(NONE);
      all = new TcActions(all.drop || one.drop, all.drops + one.drops);
    }
    return all;
  }

  private static TcActions action(NetlinkAttributes action) {
    // tc_gen: index, capab, action, refcnt, bindcnt
    Optional<int[]> parms =
        action
            .nested(TCA_ACT_OPTIONS)
            .flatMap(options -> options.bytes(TCA_GACT_PARMS))
            .map(QdiscOptions::words);
    boolean drops =
        action.string(TCA_ACT_KIND).filter("gact"::equals).isPresent()
            && parms.filter(words -> words.length > 2 && words[2] == TC_ACT_SHOT).isPresent();
    // gnet_stats_queue: qlen, backlog, drops, ...
    long count =
        action
            .nested(TCA_ACT_STATS)
            .flatMap(stats -> stats.bytes(TCA_STATS_QUEUE))
            .map(QdiscOptions::words)
            .map(words -> words.length > 2 ? Integer.toUnsignedLong(words[2]) : 0L)
            .orElse(0L);
    return new TcActions(drops, count);
  }
}
