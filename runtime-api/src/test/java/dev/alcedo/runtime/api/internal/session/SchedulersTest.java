// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import static dev.alcedo.runtime.api.spi.Scheduler.Kind.DECODE;
import static dev.alcedo.runtime.api.spi.Scheduler.Kind.PREFILL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.spi.Scheduler;
import dev.alcedo.runtime.api.spi.Scheduler.Grant;
import dev.alcedo.runtime.api.spi.Scheduler.Pending;
import dev.alcedo.runtime.api.spi.SchedulerProvider;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchedulersTest {
  static List<SchedulerProvider> all() {
    return List.of(new SequentialScheduler(), new ChunkedScheduler());
  }

  @Test
  void sequentialRunsTheOldestAlone() {
    Scheduler scheduler = new SequentialScheduler().open(128);
    assertEquals(
        List.of(new Grant(1, 128)),
        scheduler.next(List.of(new Pending(1, PREFILL, 300), new Pending(2, DECODE, 1))));
  }

  @Test
  void chunkedTakesDecodesFirstAndFillsUpWithPrompts() {
    Scheduler scheduler = new ChunkedScheduler().open(128);
    assertEquals(
        List.of(new Grant(2, 1), new Grant(4, 1), new Grant(1, 100), new Grant(3, 26)),
        scheduler.next(
            List.of(
                new Pending(1, PREFILL, 100),
                new Pending(2, DECODE, 1),
                new Pending(3, PREFILL, 500),
                new Pending(4, DECODE, 1))));
  }

  @Test
  void chunkedLeavesOutAPictureThatDoesNotFitNow() {
    Scheduler scheduler = new ChunkedScheduler().open(128);
    assertEquals(
        List.of(new Grant(2, 1), new Grant(1, 100), new Grant(4, 20)),
        scheduler.next(
            List.of(
                new Pending(1, PREFILL, 100),
                new Pending(2, DECODE, 1),
                new Pending(3, PREFILL, 60, true),
                new Pending(4, PREFILL, 20, true))));
  }

  @Test
  void chunkedLetsPicturesThatFillTheChunkAndDecodeStepsTakeTurns() {
    Scheduler scheduler = new ChunkedScheduler().open(128);
    List<Pending> pending =
        List.of(
            new Pending(1, DECODE, 1),
            new Pending(2, PREFILL, 127, true),
            new Pending(3, DECODE, 1));
    for (int i = 0; i < 3; i++) {
      assertEquals(List.of(new Grant(2, 127), new Grant(1, 1)), scheduler.next(pending));
      assertEquals(List.of(new Grant(1, 1), new Grant(3, 1)), scheduler.next(pending));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void grantsKeepTheContract(SchedulerProvider provider) {
    var random = new Random(5);
    for (int round = 0; round < 500; round++) {
      int chunk = 1 + random.nextInt(64);
      List<Pending> pending =
          IntStream.rangeClosed(1, 1 + random.nextInt(100))
              .mapToObj(id ->
                  switch (random.nextInt(4)) {
                    case 0, 1 -> new Pending(id, DECODE, 1);
                    case 2 -> new Pending(id, PREFILL, 1 + random.nextInt(300));
                    default -> new Pending(id, PREFILL, 1 + random.nextInt(chunk), true);
                  })
              .toList();
      List<Grant> grants = provider.open(chunk).next(pending);
      assertTrue(!grants.isEmpty(), "something runs");
      assertTrue(grants.stream().mapToInt(Grant::positionCount).sum() <= chunk);
      var seen = new HashSet<Long>();
      for (Grant grant : grants) {
        assertTrue(seen.add(grant.jobId()), "no job twice");
        Pending job = pending.get((int) grant.jobId() - 1);
        int min = job.isIndivisible() ? job.positionCount() : 1;
        assertTrue(grant.positionCount() >= min && grant.positionCount() <= job.positionCount());
      }
    }
  }
}
