// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import dev.alcedo.backend.cpu.internal.scalar.TableWeights;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Weights whose nibbles look their values up in a table of 16 bytes, which is one vector of 128
/// bits on every processor. In groups of 32: the low nibbles of 16 bytes, then the high ones. For
/// vectors of 8 floats and more: four parts of a conversion are objects, and plain loops as fast.
final class LookupWeights implements VectorWeights {
  private static final int GROUP = 32;
  private static final int GROUP_BYTES = 16;

  private final ByteVector table;
  private final Blocks blocks;

  /// How the groups of a dtype lie in blocks.
  ///
  /// @param groups groups of a block
  /// @param bytes of a block
  /// @param codes where the first group's codes are in it
  record Blocks(int groups, int bytes, int codes, Scale scale) {}

  /// The scale of a group of the block at `at`.
  interface Scale {
    float of(MemorySegment data, long at, int group);
  }

  private LookupWeights(byte[] table, Blocks blocks) {
    this.table = ByteVector.fromArray(ByteVector.SPECIES_128, table, 0);
    this.blocks = blocks;
  }

  static LookupWeights iq4Nl() {
    return new LookupWeights(
        TableWeights.iq4(), new Blocks(1, 18, 2, (data, at, _) -> TableWeights.iq4Nl(data, at)));
  }

  static LookupWeights iq4Xs() {
    return new LookupWeights(TableWeights.iq4(), new Blocks(8, 136, 8, TableWeights::iq4Xs));
  }

  static LookupWeights mxfp4() {
    return new LookupWeights(
        TableWeights.fp4(), new Blocks(1, 17, 1, (data, at, _) -> TableWeights.mxfp4(data, at)));
  }

  @Override
  public void read(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    int to = yOffset;
    for (long at = offset; to < yOffset + count; at += blocks.bytes) {
      for (int group = 0; group < blocks.groups; group++, to += GROUP) {
        float scale = blocks.scale.of(data, at, group);
        ByteVector pairs =
            ByteVector.fromMemorySegment(
                ByteVector.SPECIES_128,
                data,
                at + blocks.codes + group * GROUP_BYTES,
                ByteOrder.LITTLE_ENDIAN);
        // One call of what is to be inlined: the second of two would get its vector as an object.
        for (int half = 0; half < 2; half++) {
          ByteVector codes = pairs.lanewise(VectorOperators.LSHR, 4 * half).and((byte) 15);
          widen(codes.selectFrom(table), scale, y, to + half * GROUP_BYTES);
        }
      }
    }
  }

  /// 16 bytes in one vector of floats, or in two. A part's number must be a constant for the JIT.
  private static void widen(ByteVector codes, float scale, float[] y, int to) {
    floats(codes, 0).mul(scale).intoArray(y, to);
    if (Lanes.LENGTH == 8) {
      floats(codes, 1).mul(scale).intoArray(y, to + Lanes.LENGTH);
    }
  }

  private static FloatVector floats(ByteVector codes, int part) {
    return (FloatVector) codes.convertShape(VectorOperators.B2F, Lanes.F, part);
  }
}
