package io.vethtrace.daemon.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Rule;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RuleOrderTest {
  @Test
  void each_rule_has_a_test_of_its_name() {
    for (Rule rule : RuleOrder.RULES) {
      String name = rule.getClass().getName() + "Test";
      assertThatCode(() -> Class.forName(name)).as(name).doesNotThrowAnyException();
    }
  }

  /** The test of a rule has a method "scenes" with a scene for each cause that the rule owns. */
  @Test
  void each_rule_has_scenes_in_which_it_gives_the_causes_that_it_owns()
      throws ReflectiveOperationException {
    for (Rule rule : RuleOrder.RULES) {
      List<Cause> owned = rule.declaration().owned().stream().map(DeclaredCause::cause).toList();
      Map<Cause, OneNetnsScene> scenes = owned.isEmpty() ? Map.of() : scenes(rule);
      assertThat(scenes).as(rule.getClass().getName()).containsOnlyKeys(owned);
      scenes.forEach((cause, scene) -> assertThat(scene.finding().cause()).isEqualTo(cause));
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<Cause, OneNetnsScene> scenes(Rule rule) throws ReflectiveOperationException {
    Method scenes = Class.forName(rule.getClass().getName() + "Test").getDeclaredMethod("scenes");
    scenes.setAccessible(true);
    return (Map<Cause, OneNetnsScene>) Objects.requireNonNull(scenes.invoke(null));
  }

  @Test
  void each_cause_is_owned_by_one_rule() {
    assertThat(RuleOrder.ownedCauses())
        .extracting(DeclaredCause::cause)
        .containsExactlyInAnyOrderElementsOf(Arrays.asList(Cause.values()));
  }

  @Test
  void no_rule_declares_a_cause_twice() {
    for (Rule rule : RuleOrder.RULES) {
      assertThat(rule.declaration().owned())
          .extracting(DeclaredCause::cause)
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
