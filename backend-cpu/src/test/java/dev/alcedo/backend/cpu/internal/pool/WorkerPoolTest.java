// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkerPoolTest {
  @Test
  void doesEveryChunkOnceTaskAfterTask() {
    try (var pool = new WorkerPool(4)) {
      var scratch = new Scratch();
      for (int round = 0; round < 20_000; round++) {
        int chunkCount = round % 13;
        var done = new AtomicIntegerArray(13);
        pool.run((chunk, _) -> done.incrementAndGet(chunk), chunkCount, scratch);
        for (int i = 0; i < 13; i++) {
          assertEquals(i < chunkCount ? 1 : 0, done.get(i), "round " + round + " chunk " + i);
        }
      }
    }
  }

  @Test
  void servesSeveralCallersAtOnce() throws InterruptedException {
    try (var pool = new WorkerPool(3)) {
      var done = new AtomicIntegerArray(4);
      var callers =
          IntStream.range(0, 4)
              .mapToObj(caller ->
                  Thread.ofPlatform()
                      .start(() -> {
                        var scratch = new Scratch();
                        for (int i = 0; i < 5_000; i++) {
                          pool.run((_, _) -> done.incrementAndGet(caller), 5, scratch);
                        }
                      }))
              .toList();
      for (Thread caller : callers) {
        caller.join();
      }
      for (int i = 0; i < 4; i++) {
        assertEquals(25_000, done.get(i));
      }
    }
  }

  @Test
  void passesFailuresOnAndGoesOnWorking() {
    try (var pool = new WorkerPool(2)) {
      var scratch = new Scratch();
      var done = new AtomicIntegerArray(8);
      var e =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  pool.run(
                      (chunk, _) -> {
                        done.incrementAndGet(chunk);
                        if (chunk == 3) {
                          throw new IllegalArgumentException("three");
                        }
                      },
                      8,
                      scratch));
      assertEquals("three", e.getMessage());
      pool.run((chunk, _) -> done.incrementAndGet(chunk), 8, scratch);
      for (int i = 0; i < 8; i++) {
        assertEquals(2, done.get(i));
      }
    }
  }

  @Test
  void wakesWorkersThatPark() throws InterruptedException {
    try (var pool = new WorkerPool(2)) {
      var scratch = new Scratch();
      for (int i = 0; i < 20; i++) {
        Thread.sleep(1); // longer than workers spin
        var done = new AtomicIntegerArray(1);
        pool.run((_, _) -> done.incrementAndGet(0), 50, scratch);
        assertEquals(50, done.get(0));
      }
    }
  }

  @Test
  void closesTwice() {
    var pool = new WorkerPool(3);
    pool.close();
    pool.close();
  }
}
