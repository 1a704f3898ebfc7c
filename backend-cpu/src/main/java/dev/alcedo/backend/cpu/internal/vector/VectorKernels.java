// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import dev.alcedo.backend.cpu.internal.kernel.AttentionTask;
import dev.alcedo.backend.cpu.internal.kernel.Kernels;
import dev.alcedo.backend.cpu.internal.kernel.Linear;
import dev.alcedo.backend.cpu.internal.kernel.Operand;
import dev.alcedo.backend.cpu.internal.kernel.Run;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.backend.cpu.internal.pool.WorkerPool;
import dev.alcedo.backend.cpu.internal.scalar.Q8Blocks;
import dev.alcedo.backend.cpu.internal.scalar.ScalarKernels;
import dev.alcedo.backend.cpu.internal.vector.packed.PackedWeights;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The kernels for vectors of 128, 256 and 512 bits.
public final class VectorKernels implements Kernels {
  // For what is shorter than a vector.
  private final Kernels plain = new ScalarKernels();

  /// No state.
  public VectorKernels() {}

  @Override
  public String feature() {
    return "vectors of %d bits".formatted(Lanes.F.vectorBitSize());
  }

  @Override
  public boolean readsWeights(DType dtype) {
    return VectorWeights.ALL.containsKey(dtype);
  }

  @Override
  public void readRow(TensorView table, int row, float[] y, int yOffset) {
    VectorWeights.of(table.dtype())
        .read(table.data(), row * table.rowBytes(), table.shape().cols(), y, yOffset);
  }

  @Override
  public boolean isPacked(DType dtype) {
    return PackedWeights.isPacked(dtype);
  }

  @Override
  public Linear linear(TensorView weight) {
    return new VectorLinear(weight);
  }

  @Override
  public long packedByteSize(TensorView weight) {
    return PackedWeights.byteSize(weight);
  }

  @Override
  public Linear pack(TensorView weight, Arena arena, WorkerPool pool, Scratch scratch) {
    return PackedWeights.pack(weight, arena, pool, scratch);
  }

  @Override
  public Operand newOperand(Operand.Form form) {
    return switch (form) {
      case PLAIN, BF16, F16 -> new RowOperand(form);
      case QUANTISED -> PackedWeights.newOperand();
    };
  }

  /// A few thousand elements at most, one conversion instruction each.
  @Override
  public void store(
      float[] x, int xOffset, MemorySegment plane, DType dtype, long index, int count) {
    if (dtype == DType.F16) {
      for (int i = 0; i < count; i++) {
        plane.set(Lanes.U16_LE, 2 * (index + i), Float.floatToFloat16(x[xOffset + i]));
      }
    } else if (dtype == DType.Q8_0) {
      Q8Blocks.write(x, xOffset, plane, dtype.bytes(index), count);
    } else {
      MemorySegment.copy(x, xOffset, plane, TensorView.F32_LE, 4 * index, count);
    }
  }

  @Override
  public int attentionUnits(AttentionTask task, Run run) {
    return VectorAttention.units(task, run);
  }

  @Override
  public void attention(AttentionTask task, Run run, int from, int to, Scratch scratch) {
    VectorAttention.run(task, run, from, to, scratch);
  }

  @Override
  public void add(
      float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length) {
    Rows.add(a, aOffset, b, bOffset, y, yOffset, length);
  }

  @Override
  public void mul(
      float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length) {
    Rows.mul(a, aOffset, b, bOffset, y, yOffset, length);
  }

  @Override
  public void scale(float factor, float[] x, int xOffset, float[] y, int yOffset, int length) {
    Rows.scale(factor, x, xOffset, y, yOffset, length);
  }

  @Override
  public void silu(float[] x, int xOffset, float[] y, int yOffset, int length) {
    if (length < Lanes.LENGTH) {
      plain.silu(x, xOffset, y, yOffset, length);
    } else {
      Activations.silu(x, xOffset, y, yOffset, length);
    }
  }

  @Override
  public void gelu(Op.Gelu.Form form, float[] x, int xOffset, float[] y, int yOffset, int length) {
    if (length < Lanes.LENGTH) {
      plain.gelu(form, x, xOffset, y, yOffset, length);
      return;
    }
    switch (form) {
      case TANH -> Activations.geluTanh(x, xOffset, y, yOffset, length);
      case ERF -> Activations.geluErf(x, xOffset, y, yOffset, length);
    }
  }

  @Override
  public void quickGelu(float[] x, int xOffset, float[] y, int yOffset, int length) {
    if (length < Lanes.LENGTH) {
      plain.quickGelu(x, xOffset, y, yOffset, length);
    } else {
      Activations.quickGelu(x, xOffset, y, yOffset, length);
    }
  }

  @Override
  public void softmax(float[] x, int xOffset, float[] y, int yOffset, int length) {
    Rows.softmax(x, xOffset, y, yOffset, length);
  }

  @Override
  public void rmsNorm(float eps, float[] weight, float[] x, int xOffset, float[] y, int yOffset) {
    Norms.rms(eps, weight, x, xOffset, y, yOffset);
  }

  @Override
  public void layerNorm(
      float eps, float[] weight, float[] bias, float[] x, int xOffset, float[] y, int yOffset) {
    Norms.layer(eps, weight, bias, x, xOffset, y, yOffset);
  }

  @Override
  public void rope(
      Op.Rope op, float[] turns, int turnOffset, float[] x, int xOffset, float[] y, int yOffset) {
    VectorRope.rope(op, turns, turnOffset, x, xOffset, y, yOffset);
  }

  @Override
  public int argmax(float[] x, int xOffset, int length) {
    return Rows.argmax(x, xOffset, length);
  }

  @Override
  public void mean(float[] x, int xOffset, int stride, int size, int cols, float[] y, int yOffset) {
    Rows.mean(x, xOffset, stride, size, cols, y, yOffset);
  }
}
