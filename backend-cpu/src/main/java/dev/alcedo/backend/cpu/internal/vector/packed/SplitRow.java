// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.I;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.LENGTH;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/// One activation row as the products of decode want it.
///
/// **Telescoping.** A half of a lane holds several codes, c0 in its lowest bits. What is left of it
/// after i shifts is `h_i = c_i + 16 h_(i+1)` (with nibbles), so `sum c_i x_i` is `sum h_i (x_i -
/// 16 x_(i-1))`: shift, multiply, add, and no masking. Everything is modulo 2^16, and right because
/// the result, after what the code's bias adds is taken off, is within 16 bits (see [Codes]).
final class SplitRow {
  private static final int[] SHIFT_4 = factors(4, -16);
  private static final int[] SHIFT_2 = factors(8, -4);

  private int[] nibblePairs = {};
  private int[] halfPairs = {};
  private int[] nibbles = {};
  private int[] halves = {};
  private int[] bits = {};
  private int[] minus8 = {};
  private int[] minus16 = {};

  /// What the element before is multiplied with: nothing where `period` codes begin anew.
  private static int[] factors(int period, int factor) {
    var factors = new int[Pairs.COUNT];
    for (int i = 0; i < Pairs.COUNT; i++) {
      factors[i] = i % period == 0 ? 0 : both(factor, factor);
    }
    return factors;
  }

  void reserve(int blocks) {
    if (minus8.length < blocks) {
      int length = Math.multiplyExact(blocks, Pairs.COUNT);
      nibblePairs = new int[length + 1];
      halfPairs = new int[length + 1];
      nibbles = new int[length];
      halves = new int[length];
      bits = new int[length];
      minus8 = new int[blocks];
      minus16 = new int[2 * blocks];
    }
  }

  long byteSize() {
    return 4L * (5L * nibbles.length + minus8.length + minus16.length);
  }

  /// Takes a row.
  ///
  /// @param pairs `[blocks, Pairs.COUNT]` in the order of [Pairs]
  void set(int[] pairs, int blocks) {
    for (int b = 0; b < blocks; b++) {
      sort(pairs, b * Pairs.COUNT);
      int first = sum(pairs, b * Pairs.COUNT, 8);
      int second = sum(pairs, b * Pairs.COUNT + 8, 8);
      minus8[b] = both(-8 * (low(first) + low(second)), -8 * (high(first) + high(second)));
      minus16[2 * b] = both(-16 * low(first), -16 * high(first));
      minus16[2 * b + 1] = both(-16 * low(second), -16 * high(second));
    }
    telescope(nibblePairs, SHIFT_4, 1, nibbles, blocks);
    telescope(halfPairs, SHIFT_4, 1, halves, blocks);
    telescope(halfPairs, SHIFT_2, 16, bits, blocks);
  }

  /// Pairs in their own order, and in that of Q4_0's nibbles, which take turns between the halves
  /// of a block.
  private void sort(int[] pairs, int at) {
    System.arraycopy(pairs, at, halfPairs, at + 1, Pairs.COUNT);
    for (int p = 0; p < Pairs.COUNT / 2; p++) {
      nibblePairs[at + 1 + 2 * p] = pairs[at + p];
      nibblePairs[at + 2 + 2 * p] = pairs[at + 8 + p];
    }
  }

  /// `y[i] = scale * (x[i] + factors[i] * x[i - 1])`; x begins at element 1.
  private static void telescope(int[] x, int[] factors, int scale, int[] y, int blocks) {
    for (int i = 0; i < blocks * Pairs.COUNT; i += LENGTH) {
      ShortVector before = IntVector.fromArray(I, x, i).reinterpretAsShorts();
      ShortVector factor = IntVector.fromArray(I, factors, i % Pairs.COUNT).reinterpretAsShorts();
      IntVector.fromArray(I, x, i + 1)
          .reinterpretAsShorts()
          .add(before.mul(factor))
          .mul((short) scale)
          .reinterpretAsInts()
          .intoArray(y, i);
    }
  }

  private static int sum(int[] pairs, int at, int count) {
    int low = 0;
    int high = 0;
    for (int i = at; i < at + count; i++) {
      low += low(pairs[i]);
      high += high(pairs[i]);
    }
    return both(low, high);
  }

  private static int low(int pair) {
    return (short) pair;
  }

  private static int high(int pair) {
    return pair >> 16;
  }

  private static int both(int low, int high) {
    return low & 0xFFFF | high << 16;
  }

  /// For [Nibbles]: `[blocks, planes, nibbles of a half]`, telescoped.
  int[] nibbles() {
    return nibbles;
  }

  /// For the nibbles of [SixBits]: the same in the order of [Pairs].
  int[] halves() {
    return halves;
  }

  /// For the upper bits of [SixBits]: `[blocks, halves, 8]`, telescoped, times 16.
  int[] bits() {
    return bits;
  }

  /// `[blocks]`: what codes' bias of 8 adds to sums, negated.
  int[] minus8() {
    return minus8;
  }

  /// `[blocks, 2]`: what codes' bias of 16 adds to the sums of each half of a block, negated.
  int[] minus16() {
    return minus16;
  }
}
