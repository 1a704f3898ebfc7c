// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopFilterTest {
  @Test
  void letsTextThroughWhereNothingCanStop() {
    var filter = new StopFilter(List.of());
    assertEquals("any text", filter.push("any text"));
    assertEquals("", filter.finish());
  }

  @Test
  void holdsBackWhatMayBecomeAStop() {
    var filter = new StopFilter(List.of("END"));
    assertEquals("a ", filter.push("a E"));
    assertEquals("", filter.push("N"));
    assertEquals("ENx", filter.push("x"));
    assertFalse(filter.isStopped());
  }

  @Test
  void endsBeforeTheStopText() {
    var filter = new StopFilter(List.of("\n\n", "END"));
    assertEquals("one", filter.push("one\n"));
    assertEquals("", filter.push("\ntwo"));
    assertTrue(filter.isStopped());
    assertEquals("", filter.finish());
  }

  @Test
  void theEarliestOfSeveralStopsWins() {
    var filter = new StopFilter(List.of("ccc", "b"));
    assertEquals("a", filter.push("abccc"));
    assertTrue(filter.isStopped());
  }

  @Test
  void findsStopsAcrossManyPieces() {
    var filter = new StopFilter(List.of("aab"));
    var shown = new StringBuilder();
    for (String piece : "xaaab".split("")) {
      shown.append(filter.push(piece));
    }
    assertEquals("xa", shown.toString());
    assertTrue(filter.isStopped());
  }

  @Test
  void finishGivesWhatWasHeld() {
    var filter = new StopFilter(List.of("END"));
    assertEquals("", filter.push("EN"));
    assertEquals("EN", filter.finish());
  }
}
