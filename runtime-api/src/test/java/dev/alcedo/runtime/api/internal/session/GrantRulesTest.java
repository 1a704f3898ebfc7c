// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.spi.Scheduler.Grant;
import dev.alcedo.runtime.api.spi.Scheduler.Kind;
import dev.alcedo.runtime.api.spi.Scheduler.Pending;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrantRulesTest {
  private static final List<Pending> PENDING =
      List.of(new Pending(4, Kind.PREFILL, 100), new Pending(7, Kind.DECODE, 1));

  private static void assertRefused(String word, Grant... grants) {
    var e =
        assertThrows(
            IllegalStateException.class, () -> GrantRules.check(PENDING, List.of(grants), 32));
    assertTrue(e.getMessage().contains(word), e.getMessage());
  }

  @Test
  void goodGrantsPass() {
    assertDoesNotThrow(() -> GrantRules.check(PENDING, List.of(new Grant(7, 1)), 32));
    assertDoesNotThrow(
        () -> GrantRules.check(PENDING, List.of(new Grant(7, 1), new Grant(4, 31)), 32));
  }

  @Test
  void eachBrokenRuleIsNamed() {
    assertRefused("at least one");
    assertRefused("once", new Grant(7, 1), new Grant(7, 1));
    assertRefused("pending", new Grant(5, 1));
    assertRefused("1 to 1", new Grant(7, 2));
    assertRefused("1 to 100", new Grant(4, 0));
    assertRefused("1 to 100", new Grant(4, -1));
    assertRefused("32 positions in all", new Grant(7, 1), new Grant(4, 32));
  }

  @Test
  void anIndivisibleJobGetsAllOrNothing() {
    List<Pending> picture =
        List.of(new Pending(4, Kind.PREFILL, 30, true), new Pending(7, Kind.DECODE, 1));
    assertDoesNotThrow(() -> GrantRules.check(picture, List.of(new Grant(4, 30)), 32));
    assertDoesNotThrow(() -> GrantRules.check(picture, List.of(new Grant(7, 1)), 32));
    var e =
        assertThrows(
            IllegalStateException.class,
            () -> GrantRules.check(picture, List.of(new Grant(4, 29)), 32));
    assertTrue(e.getMessage().contains("30 to 30"), e.getMessage());
  }
}
