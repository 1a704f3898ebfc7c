// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Broken copies of a good file, for fuzz tests of anything that reads GGUF.
public final class GgufMutations {
  /// Numbers that loaders have tripped over: around zero, around powers of two, the largest.
  private static final long[] EXTREMES = {
    0,
    1,
    2,
    3,
    7,
    33,
    255,
    65_536,
    1L << 20,
    (1L << 24) + 1,
    (1L << 30) + 1,
    Integer.MAX_VALUE,
    1L << 31,
    0xFFFF_FFFFL,
    1L << 32,
    (1L << 60) + 1,
    1L << 61,
    1L << 62,
    Long.MAX_VALUE - 31,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -32,
    -2,
    -1
  };

  /// One broken copy.
  ///
  /// @param how what was done, for messages
  /// @param bytes the copy
  public record Mutant(String how, byte[] bytes) {}

  private GgufMutations() {}

  /// Hands `sink` the file cut at, just before and just after every field, and at `count` random
  /// places.
  public static void truncations(
      TestGguf.Written file, Random random, int count, Consumer<Mutant> sink) {
    int size = file.bytes().length;
    var cuts = new TreeSet<Integer>();
    for (TestGguf.Field field : file.fields()) {
      for (int delta : new int[] {-1, 0, 1, field.width()}) {
        cuts.add(Math.clamp(field.offset() + delta, 0, size - 1));
      }
    }
    for (int i = 0; i < count; i++) {
      cuts.add(random.nextInt(size));
    }
    cuts.forEach(cut -> sink.accept(new Mutant("cut at " + cut, Arrays.copyOf(file.bytes(), cut))));
  }

  /// Hands `sink` the file with every number replaced by each of many extreme values.
  public static void extremes(TestGguf.Written file, Consumer<Mutant> sink) {
    for (TestGguf.Field field : file.fields()) {
      for (long value : field.width() == 0 ? new long[0] : EXTREMES) {
        sink.accept(new Mutant(field.name() + " = " + value, file.with(field.name(), value)));
      }
    }
  }

  /// Hands `sink` `count` copies with 1 to 8 random bits of the first `length` bytes flipped.
  public static void flips(
      TestGguf.Written file, int length, Random random, int count, Consumer<Mutant> sink) {
    for (int i = 0; i < count; i++) {
      byte[] copy = file.bytes().clone();
      List<Integer> bits = new ArrayList<>();
      for (int k = 1 + random.nextInt(8); k > 0; k--) {
        int bit = random.nextInt(length * 8);
        copy[bit / 8] ^= (byte) (1 << bit % 8);
        bits.add(bit);
      }
      sink.accept(new Mutant("bits " + bits + " flipped", copy));
    }
  }
}
