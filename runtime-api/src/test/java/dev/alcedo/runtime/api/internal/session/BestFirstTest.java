// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.alcedo.testkit.Seeds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(Seeds.class)
class BestFirstTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8, 207, 1000})
  void givesWhatAStableSortGives(int size) {
    Random random = Seeds.random("best first " + size);
    var best = new BestFirst(size);
    for (int round = 0; round < 5; round++) {
      int offset = random.nextInt(5);
      var scores = new float[offset + size + 3];
      for (int i = 0; i < scores.length; i++) {
        // Few values, so that many are equal; infinities as masked ids have.
        scores[i] = random.nextInt(8) == 0 ? Float.NEGATIVE_INFINITY : random.nextInt(6) - 2;
      }
      List<Integer> expected =
          IntStream.range(0, size)
              .boxed()
              .sorted(Comparator.comparing((Integer id) -> -scores[offset + id]))
              .toList();
      List<Integer> got = new ArrayList<>();
      best.start(scores, offset);
      while (best.hasNext()) {
        got.add(best.next());
      }
      assertEquals(expected, got);
      assertFalse(best.hasNext());
    }
  }
}
