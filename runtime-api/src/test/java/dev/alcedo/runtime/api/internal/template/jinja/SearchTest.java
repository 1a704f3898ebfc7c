// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.testkit.Seeds;
import org.junit.jupiter.api.Test;

/// Long needles are found where Java finds them.
class SearchTest {
  @Test
  void is_javas_own_for_long_needles_too() {
    var random = Seeds.random("search");
    for (int round = 0; round < 3000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(300); i >= 0; i--) {
        text.append(random.nextInt(8) == 0 ? 'b' : 'a');
      }
      String all = text.toString();
      int start = random.nextInt(all.length());
      String part =
          random.nextInt(3) == 0
              ? "a".repeat(random.nextInt(60)) + "b"
              : all.substring(start, Math.min(all.length(), start + random.nextInt(120)));
      int from = random.nextInt(all.length() + 1);
      assertEquals(all.indexOf(part, from), Search.first(all, part, from), Seeds::hint);
      int last = all.lastIndexOf(part, from - part.length());
      assertEquals(last, Search.last(all, part, from), Seeds::hint);
    }
  }
}
