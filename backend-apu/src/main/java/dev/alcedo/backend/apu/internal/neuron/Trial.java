// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import dev.alcedo.backend.apu.internal.network.Network;
import dev.alcedo.backend.apu.internal.network.NetworkBuilder;
import dev.alcedo.backend.apu.internal.network.NeuronOperation;
import dev.alcedo.backend.apu.internal.network.NeuronType;
import dev.alcedo.runtime.api.BackendException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A network of one F16 product of 8 rows by 16 columns, whose result is known: each row is
/// multiplied by twice the unit matrix. Rows are 8, as one row was seen to fail on a device where
/// more did not.
final class Trial {
  private static final int ROWS = 8;
  private static final int COLS = 16;

  private Trial() {}

  /// @throws BackendException if the driver refuses, or the result is wrong
  static void run(NeuronLibrary library, NeuronLibrary.NeuronDevice device) {
    try (Arena arena = Arena.ofShared();
        Arena ports = library.arena()) {
      Network network = network(arena);
      try (CompiledNetwork compiled =
          CompiledNetwork.compile(library, device, network, CompileOptions.DEFAULTS)) {
        MemorySegment x = ports.allocate(2L * ROWS * COLS, 64);
        MemorySegment y = ports.allocate(2L * ROWS * COLS, 64);
        for (int i = 0; i < ROWS * COLS; i++) {
          x.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(i - 64));
        }
        compiled.prepare(CompileOptions.DEFAULTS.boost());
        compiled.input(0, x);
        compiled.output(0, y);
        if (!compiled.compute()) {
          throw compiled.failure();
        }
        check(y);
      }
    }
  }

  /// @param arena of the constants
  static Network network(Arena arena) {
    var builder = new NetworkBuilder(arena);
    NeuronType type = NeuronType.NEURON_TENSOR_FLOAT16;
    MemorySegment weight = arena.allocate(2L * COLS * COLS, 64);
    for (int i = 0; i < COLS; i++) {
      weight.setAtIndex(ValueLayout.JAVA_SHORT, i * (COLS + 1L), Float.floatToFloat16(2));
    }
    int x = builder.input(type, ROWS, COLS);
    int w = builder.constant(type, weight, COLS, COLS);
    int bias = builder.constant(type, arena.allocate(2L * COLS, 64), COLS);
    builder.output(
        builder.operation(
            NeuronOperation.NEURON_FULLY_CONNECTED,
            type,
            new int[] {ROWS, COLS},
            x,
            w,
            bias,
            builder.scalar(0)));
    return builder.build("trial", false);
  }

  private static void check(MemorySegment y) {
    for (int i = 0; i < ROWS * COLS; i++) {
      float got = Float.float16ToFloat(y.getAtIndex(ValueLayout.JAVA_SHORT, i));
      if (got != 2f * (i - 64)) {
        throw new BackendException(
            "trial network: element %d: expected %s, got %s".formatted(i, 2f * (i - 64), got));
      }
    }
  }
}
