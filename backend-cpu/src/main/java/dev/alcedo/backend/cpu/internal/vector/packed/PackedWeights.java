// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import static java.util.Map.entry;

import dev.alcedo.backend.cpu.internal.kernel.Linear;
import dev.alcedo.backend.cpu.internal.kernel.Operand;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.backend.cpu.internal.pool.WorkerPool;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/// The dtypes that are packed, each with its layout: one place to choose it. A new one is a line
/// here. Bytes per weight of the packed form against the file's: Q4_0 and Q4_1 1.0, Q4_K 1.03, Q6_K
/// 1.01, Q5_0 and Q5_1 1.17 to 1.18, Q5_K 1.21, whose fifth bits lie in pairs.
public final class PackedWeights {
  private static final ValueLayout.OfInt I32_LE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long ALIGNMENT = 64;
  private static final int GROUPS_PER_CHUNK = 4;
  private static final Codes NIBBLES = new Nibbles();
  private static final Codes FIVE_BITS = new SixBits(16, 1);

  private record Recipe(Layout layout, PackedKernels kernels) {}

  private static final Map<DType, Recipe> RECIPES =
      new EnumMap<>(
          Map.ofEntries(
              entry(DType.Q4_0, recipe(NIBBLES, new HalfScales(), new SimpleBlocks(false, false))),
              entry(
                  DType.Q4_1,
                  recipe(NIBBLES, new HalfScalesAndMins(8), new SimpleBlocks(true, false))),
              entry(DType.Q5_0, recipe(FIVE_BITS, new HalfScales(), new SimpleBlocks(false, true))),
              entry(
                  DType.Q5_1,
                  recipe(FIVE_BITS, new HalfScalesAndMins(16), new SimpleBlocks(true, true))),
              entry(DType.Q4_K, recipe(NIBBLES, new SuperScalesAndMins(8), SuperBlocks::readQ4K)),
              entry(
                  DType.Q5_K, recipe(FIVE_BITS, new SuperScalesAndMins(16), SuperBlocks::readQ5K)),
              entry(
                  DType.Q6_K,
                  recipe(new SixBits(32, 2), new SuperScales(), SuperBlocks::readQ6K))));

  private PackedWeights() {}

  private static Recipe recipe(Codes codes, Scales scales, BlockReader reader) {
    var layout = new Layout(codes, scales);
    return new Recipe(layout, new PackedKernels(layout, reader));
  }

  /// Whether weights of this type are packed.
  public static boolean isPacked(DType dtype) {
    return RECIPES.containsKey(dtype);
  }

  /// Bytes that `weight` takes when packed.
  public static long byteSize(TensorView weight) {
    Layout layout = recipe(weight).layout();
    return Layout.groupCount(weight.shape().dim(0)) * layout.groupBytes(weight.shape().cols());
  }

  /// Activations for layers with packed weights.
  public static Operand newOperand() {
    return new QuantisedRows();
  }

  /// Packs `weight`, all threads of the pool at work.
  ///
  /// @param arena owns the packed weights
  public static Linear pack(TensorView weight, Arena arena, WorkerPool pool, Scratch scratch) {
    Recipe recipe = recipe(weight);
    int n = weight.shape().dim(0);
    int k = weight.shape().cols();
    long groupBytes = recipe.layout().groupBytes(k);
    MemorySegment data = arena.allocate(byteSize(weight), ALIGNMENT);
    int groupCount = Layout.groupCount(n);
    pool.run(
        (chunk, _) -> {
          int end = Math.min(groupCount, (chunk + 1) * GROUPS_PER_CHUNK);
          for (int group = chunk * GROUPS_PER_CHUNK; group < end; group++) {
            packGroup(recipe, weight, group, data, group * groupBytes);
          }
        },
        Math.ceilDiv(groupCount, GROUPS_PER_CHUNK),
        scratch);
    var packed = new PackedWeight(recipe.layout(), n, k, groupBytes, data);
    return new PackedLinear(packed, recipe.kernels());
  }

  /// In arrays, a chunk at a time, for memory segments are slow to read and write int by int.
  private static void packGroup(
      Recipe recipe, TensorView weight, int group, MemorySegment data, long to) {
    Layout layout = recipe.layout();
    int first = group * Layout.ROWS;
    int rows = Math.min(weight.shape().dim(0) - first, Layout.ROWS);
    int blockCount = weight.shape().cols() / Layout.BLOCK;
    var file = new byte[(int) weight.dtype().bytes(Layout.CHUNK)];
    var chunk = new int[layout.chunkBytes(Layout.CHUNK_BLOCKS) / Integer.BYTES];
    for (int block = 0; block < blockCount; block += Layout.CHUNK_BLOCKS) {
      int blocks = Math.min(Layout.CHUNK_BLOCKS, blockCount - block);
      int scales = blocks * layout.codes().blockBytes() / Integer.BYTES;
      int length = (int) weight.dtype().bytes((long) blocks * Layout.BLOCK);
      long from = first * weight.rowBytes() + weight.dtype().bytes((long) block * Layout.BLOCK);
      Arrays.fill(chunk, 0);
      for (int row = 0; row < rows; row++, from += weight.rowBytes()) {
        MemorySegment.copy(weight.data(), ValueLayout.JAVA_BYTE, from, file, 0, length);
        recipe
            .kernels()
            .readBlocks(file, 0, blocks, new Planes(chunk, row), new Planes(chunk, scales + row));
      }
      int bytes = layout.chunkBytes(blocks);
      MemorySegment.copy(chunk, 0, data, I32_LE, to, bytes / Integer.BYTES);
      to += bytes;
    }
  }

  private static Recipe recipe(TensorView weight) {
    Recipe recipe = RECIPES.get(weight.dtype());
    if (recipe == null) {
      throw new IllegalArgumentException("%s weights are not packed".formatted(weight.dtype()));
    }
    return recipe;
  }
}
