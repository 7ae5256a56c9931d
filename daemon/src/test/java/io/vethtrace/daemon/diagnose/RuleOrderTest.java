package io.vethtrace.daemon.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.OwnedCause;
import io.vethtrace.daemon.diagnose.model.Rule;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RuleOrderTest {
  @Test
  void each_rule_has_a_test_of_its_name() {
    for (Rule rule : RuleOrder.RULES) {
      String name = rule.getClass().getName() + "Test";
      assertThatCode(() -> Class.forName(name)).as(name).doesNotThrowAnyException();
    }
  }

  @Test
  void each_cause_is_owned_by_one_rule() {
    assertThat(RuleOrder.ownedCauses())
        .extracting(OwnedCause::cause)
        .containsExactlyInAnyOrderElementsOf(Arrays.asList(Cause.values()));
  }

  @Test
  void no_rule_declares_a_cause_twice() {
    for (Rule rule : RuleOrder.RULES) {
      assertThat(rule.declaration().owned())
          .extracting(OwnedCause::cause)
          .as(rule.getClass().getSimpleName())
          .noneMatch(rule.declaration().alsoGiven()::contains);
    }
  }

  @Test
  void a_rule_that_gives_no_cause_is_none() {
    assertThat(RuleOrder.RULES)
        .allMatch(rule -> Arrays.stream(Cause.values()).anyMatch(rule.declaration()::gives));
  }
}
