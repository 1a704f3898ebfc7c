// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.alcedo.backend.cpu.internal.kernel.Linear;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.backend.cpu.internal.pool.WorkerPool;
import dev.alcedo.backend.cpu.internal.vector.VectorKernels;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Who holds packed weights, and what is told while they are packed.
class PackedStoreTest {
  private static final DType DTYPE = DType.Q4_0;
  private static final int COLS = 64;

  private final Arena arena = Arena.ofShared();
  private final WorkerPool pool = new WorkerPool(4);
  private final Scratch scratch = new Scratch();
  private final PackedStore store = new PackedStore(new VectorKernels(), pool);

  @AfterEach
  void close() {
    pool.close();
    arena.close();
  }

  private TensorView weight(int rows) {
    long bytes = DTYPE.bytes((long) rows * COLS);
    return new TensorView(DTYPE, Shape.of(rows, COLS), arena.allocate(bytes, 64));
  }

  @Test
  void aWeightIsPackedOnceForAllWhoTakeIt() {
    TensorView first = weight(32);
    TensorView second = weight(64);
    var told = new ArrayList<Long>();
    store.acquire(List.of(first), scratch, told::add);
    Linear packed = store.linear(first);
    store.acquire(List.of(first, second), scratch, told::add);
    assertSame(packed, store.linear(first));
    assertNotSame(packed, store.linear(second));
    assertEquals(List.of(first.byteSize(), second.byteSize()), told);
  }

  @Test
  void aWeightGoesWithTheLastWhoTookIt() {
    TensorView weight = weight(32);
    store.acquire(List.of(weight), scratch, _ -> {});
    store.acquire(List.of(weight), scratch, _ -> {});
    store.release(List.of(weight));
    assertEquals(32, store.linear(weight).n());
    store.release(List.of(weight));
    assertThrows(IllegalStateException.class, () -> store.linear(weight));
  }

  @Test
  void ofManyWeightsEachIsToldOfAloneAndAllAreThere() {
    var weights = new ArrayList<TensorView>();
    for (int i = 1; i <= 64; i++) {
      weights.add(weight(i));
    }
    var isTelling = new AtomicBoolean();
    var told = new ArrayList<Long>();
    store.acquire(
        weights,
        scratch,
        bytes -> {
          assertFalse(isTelling.getAndSet(true));
          told.add(bytes);
          Thread.yield();
          isTelling.set(false);
        });
    assertEquals(64, told.size());
    assertEquals(
        weights.stream().mapToLong(TensorView::byteSize).sum(),
        told.stream().mapToLong(Long::longValue).sum());
    for (TensorView weight : weights) {
      assertEquals(weight.shape().dim(0), store.linear(weight).n());
    }
  }

  @Test
  void ifTheListenerFailsNothingIsHeld() {
    List<TensorView> weights = List.of(weight(32), weight(64), weight(96));
    assertThrows(
        ArithmeticException.class,
        () ->
            store.acquire(
                weights,
                scratch,
                _ -> {
                  throw new ArithmeticException("planted");
                }));
    assertThrows(IllegalStateException.class, () -> store.linear(weights.get(0)));
    store.acquire(weights, scratch, _ -> {});
    assertEquals(96, store.linear(weights.get(2)).n());
  }
}
