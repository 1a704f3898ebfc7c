// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.lower;

import dev.alcedo.runtime.api.graph.Op;
import java.lang.foreign.MemorySegment;

/// Rotary positions with tables that the run brings: `x cosine + partner turn`, where the partner
/// is the other element of a pair.
final class RopeLowering {
  private final Emitter emit;

  RopeLowering(Emitter emit) {
    this.emit = emit;
  }

  /// @param x `[rows, headCount * headLength]`
  /// @param cosines `[rows, 1, headLength]`
  /// @param turns as the cosines
  Tensor rope(Op.Rope op, Tensor x, Tensor cosines, Tensor turns) {
    int rows = x.dims()[0];
    Tensor heads = emit.reshape(x, rows, op.headCount(), op.headLength());
    Tensor partners =
        op.style() == Op.Rope.Style.HALVES ? swappedHalves(op, heads) : swappedNeighbours(op, x);
    Tensor y = emit.add(emit.mul(heads, cosines), emit.mul(partners, turns));
    return emit.reshape(y, x.dims());
  }

  private Tensor swappedHalves(Op.Rope op, Tensor heads) {
    int half = op.ropeLength() / 2;
    Tensor first = emit.slice(heads, 2, 0, half);
    Tensor second = emit.slice(heads, 2, half, half);
    int rest = op.headLength() - op.ropeLength();
    return rest == 0
        ? emit.concat(2, second, first)
        : emit.concat(2, second, first, emit.slice(heads, 2, op.ropeLength(), rest));
  }

  /// Neighbours change places by a product with a permutation, which is exact and is what an APU
  /// does best. Elements that do not turn have zeros there, as their turn is zero, too.
  private Tensor swappedNeighbours(Op.Rope op, Tensor x) {
    int length = op.headLength();
    MemorySegment permutation = emit.constants().scratch((long) length * length);
    for (int i = 0; i < op.ropeLength(); i++) {
      emit.precision().set(permutation, (long) i * length + (i ^ 1), 1);
    }
    int rows = x.dims()[0];
    Tensor heads = emit.reshape(x, rows * op.headCount(), length);
    Tensor bias = emit.constant(emit.constants().scratch(length), length);
    Tensor swapped = emit.fullyConnected(heads, emit.constant(permutation, length, length), bias);
    return emit.reshape(swapped, rows, op.headCount(), length);
  }
}
