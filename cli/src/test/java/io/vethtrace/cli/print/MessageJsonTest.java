package io.vethtrace.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.cli.Fixture;
import io.vethtrace.v1.Lost;
import io.vethtrace.v1.WhyReport;
import org.junit.jupiter.api.Test;

class MessageJsonTest {
  @Test
  void a_report_is_one_line_with_the_protos_own_names() {
    assertThat(MessageJson.of(Fixture.sourceAddressIsLocal()) + "\n")
        .isEqualTo(Fixture.text("source-address-is-local.golden.json"));
  }

  @Test
  void fields_without_presence_are_printed_and_unset_results_are_not() {
    assertThat(MessageJson.of(WhyReport.getDefaultInstance()))
        .isEqualTo("{\"findings\":[],\"journeys\":[],\"lost_events\":0}");
    assertThat(MessageJson.of(Fixture.loopbackDownInferred().getFindings(0)))
        .doesNotContain("return_value");
  }

  @Test
  void an_object_around_a_message_names_it() {
    assertThat(MessageJson.of("lost", Lost.newBuilder().setRing(3).build()))
        .isEqualTo("{\"lost\":{\"ring\":\"3\",\"client\":\"0\",\"stages\":[]}}");
  }

  @Test
  void what_json_need_not_escape_is_not_escaped() {
    assertThat(new JsonObject().put("a", "x=1 & 'y' <z> \\u003d \\\\"))
        .hasToString("{\"a\":\"x=1 & 'y' <z> \\\\u003d \\\\\\\\\"}");
  }

  @Test
  void strings_are_escaped() {
    assertThat(new JsonObject().put("a", "\"\n").put("b", true).put("c", -22))
        .hasToString("{\"a\":\"\\\"\\n\",\"b\":true,\"c\":-22}");
  }
}
