// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.alcedo.runtime.api.MemoryPlan;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryBudgetTest {
  private static final long MIB = 1 << 20;

  private static final MemoryPlan PLAN =
      new MemoryPlan(100 * MIB, 20 * MIB, 30 * MIB, 5 * MIB, 4 * MIB, 1 * MIB, 40 * MIB, List.of());

  @Test
  void plansUpToTheLimitPass() {
    new MemoryBudget(160 * MIB).require("m", PLAN, 1);
    new MemoryBudget(190 * MIB).require("m", PLAN, 2);
    new MemoryBudget(0).require("m", PLAN, 1000);
  }

  @ParameterizedTest
  @CsvSource({
    "159, 1, 160, 30, lower --context or raise --max-memory",
    "129, 1, 160, 30, lower --context or raise --max-memory",
    "128, 1, 160, 30, 'lower --chunk or --tile-batch, or raise --max-memory'",
    "119, 1, 160, 30, take a model of fewer bits (alcedo quantize) or raise --max-memory",
    "189, 2, 190, 60, 'close sessions, lower --context or raise --max-memory'"
  })
  void othersAreRefusedWithTheirPartsAndARemedy(
      int allowed, int sessions, int needed, int kv, String remedy) {
    var budget = new MemoryBudget(allowed * MIB);
    assertEquals(
        "m needs %d MiB (weights 100 MiB, image encoder 20 MiB, KV cache %d MiB, intermediate values 9 MiB, image tokens 1 MiB), --max-memory allows %d MiB: %s"
            .formatted(needed, kv, allowed, remedy),
        assertThrows(ResourceExhaustedException.class, () -> budget.require("m", PLAN, sessions))
            .getMessage());
  }
}
