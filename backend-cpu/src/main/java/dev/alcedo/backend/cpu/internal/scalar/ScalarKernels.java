// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import dev.alcedo.backend.cpu.internal.kernel.AttentionTask;
import dev.alcedo.backend.cpu.internal.kernel.Kernels;
import dev.alcedo.backend.cpu.internal.kernel.Linear;
import dev.alcedo.backend.cpu.internal.kernel.Operand;
import dev.alcedo.backend.cpu.internal.kernel.Run;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.backend.cpu.internal.pool.WorkerPool;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The plain loops that define every op.
public final class ScalarKernels implements Kernels {
  /// No state.
  public ScalarKernels() {}

  @Override
  public String feature() {
    return "plain loops";
  }

  @Override
  public boolean readsWeights(DType dtype) {
    return ScalarWeights.isReadable(dtype);
  }

  @Override
  public void readRow(TensorView table, int row, float[] y, int yOffset) {
    ScalarWeights.readRow(table, row, y, yOffset);
  }

  @Override
  public boolean isPacked(DType dtype) {
    return false;
  }

  @Override
  public Linear linear(TensorView weight) {
    return new ScalarLinear(weight);
  }

  @Override
  public long packedByteSize(TensorView weight) {
    return 0;
  }

  @Override
  public Linear pack(TensorView weight, Arena arena, WorkerPool pool, Scratch scratch) {
    throw new IllegalStateException("plain loops do not pack");
  }

  @Override
  public Operand newOperand(Operand.Form form) {
    return switch (form) {
      case PLAIN, BF16, F16 -> new ScalarOperand(form);
      case QUANTISED -> throw new IllegalStateException("plain loops do not round to 8 bits");
    };
  }

  @Override
  public void store(
      float[] x, int xOffset, MemorySegment plane, DType dtype, long index, int count) {
    ScalarAttention.store(x, xOffset, plane, dtype, index, count);
  }

  @Override
  public int attentionUnits(AttentionTask task, Run run) {
    return run.itemCount() * task.rowsPerItem() * task.op().headCount();
  }

  @Override
  public void attention(AttentionTask task, Run run, int from, int to, Scratch scratch) {
    ScalarAttention.run(task, run, from, to, scratch);
  }

  @Override
  public void add(
      float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = a[aOffset + i] + b[bOffset + i];
    }
  }

  @Override
  public void mul(
      float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = a[aOffset + i] * b[bOffset + i];
    }
  }

  @Override
  public void scale(float factor, float[] x, int xOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = factor * x[xOffset + i];
    }
  }

  @Override
  public void silu(float[] x, int xOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = ScalarActivations.silu(x[xOffset + i]);
    }
  }

  @Override
  public void gelu(Op.Gelu.Form form, float[] x, int xOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      float value = x[xOffset + i];
      y[yOffset + i] =
          switch (form) {
            case TANH -> ScalarActivations.geluTanh(value);
            case ERF -> ScalarActivations.geluErf(value);
          };
    }
  }

  @Override
  public void quickGelu(float[] x, int xOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = ScalarActivations.quickGelu(x[xOffset + i]);
    }
  }

  @Override
  public void softmax(float[] x, int xOffset, float[] y, int yOffset, int length) {
    ScalarRows.softmax(x, xOffset, y, yOffset, length);
  }

  @Override
  public void rmsNorm(float eps, float[] weight, float[] x, int xOffset, float[] y, int yOffset) {
    ScalarRows.rmsNorm(eps, weight, x, xOffset, y, yOffset);
  }

  @Override
  public void layerNorm(
      float eps, float[] weight, float[] bias, float[] x, int xOffset, float[] y, int yOffset) {
    ScalarRows.layerNorm(eps, weight, bias, x, xOffset, y, yOffset);
  }

  @Override
  public void rope(
      Op.Rope op, float[] turns, int turnOffset, float[] x, int xOffset, float[] y, int yOffset) {
    ScalarRope.rope(op, turns, turnOffset, x, xOffset, y, yOffset);
  }

  @Override
  public int argmax(float[] x, int xOffset, int length) {
    return ScalarRows.argmax(x, xOffset, length);
  }

  @Override
  public void mean(float[] x, int xOffset, int stride, int size, int cols, float[] y, int yOffset) {
    ScalarRows.mean(x, xOffset, stride, size, cols, y, yOffset);
  }
}
