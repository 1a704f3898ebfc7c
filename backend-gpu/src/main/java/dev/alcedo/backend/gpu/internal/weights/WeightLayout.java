// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.weights;

import dev.alcedo.runtime.api.tensor.DType;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// Where the parts of a dtype's rows lie on the device, and which program reads them. Rows are
/// filled up with zeros to a whole number of eight elements, which is what kernels read at a time.
public final class WeightLayout {
  /// A new dtype is a line here, a `weights_*.cl` and, if it is quantised, a packer.
  private static final Map<DType, WeightLayout> LAYOUTS = new EnumMap<>(DType.class);

  static {
    add(new WeightLayout(DType.F32, "weights_f32", 4, 0, Packers::copy));
    add(new WeightLayout(DType.F16, "weights_f16", 2, 0, Packers::copy));
    add(new WeightLayout(DType.BF16, "weights_bf16", 2, 0, Packers::copy));
    add(new WeightLayout(DType.Q8_0, "weights_q8_0", 32, 2, Packers::q8_0));
    add(new WeightLayout(DType.Q4_0, "weights_q4_0", 16, 2, Packers::q4_0));
    add(new WeightLayout(DType.Q4_K, "weights_q4_k", 128, 20, Packers::q4_K));
    add(new WeightLayout(DType.Q6_K, "weights_q6_k", 192, 18, Packers::q6_K));
  }

  private static final int GROUP = 8;

  private final DType dtype;
  private final String program;
  private final int quantBytes;
  private final int scaleBytes;
  private final RowPacker packer;

  private WeightLayout(
      DType dtype, String program, int quantBytes, int scaleBytes, RowPacker packer) {
    this.dtype = dtype;
    this.program = program;
    this.quantBytes = quantBytes;
    this.scaleBytes = scaleBytes;
    this.packer = packer;
  }

  private static void add(WeightLayout layout) {
    LAYOUTS.put(layout.dtype, layout);
  }

  /// The layout of `dtype`, if kernels read it.
  public static Optional<WeightLayout> of(DType dtype) {
    return Optional.ofNullable(LAYOUTS.get(dtype));
  }

  /// Name of the source that reads it.
  public String program() {
    return program;
  }

  /// Options for the kernel that rounds activations to 8 bits, if there are kernels that multiply
  /// weights of this dtype with such.
  public Optional<String> integerDotOptions() {
    return switch (dtype) {
      case Q4_0 -> Optional.of(" -DNEIGHBOURS");
      case Q8_0 -> Optional.of("");
      default -> Optional.empty();
    };
  }

  /// Bytes of the quants of a row of `cols` elements.
  public int quantRowBytes(int cols) {
    int blocks =
        dtype.isQuantised() ? cols / dtype.blockLength() : Math.ceilDiv(cols, GROUP) * GROUP;
    return Math.multiplyExact(blocks, quantBytes);
  }

  /// Bytes of the scales of a row; 0 for plain types.
  public int scaleRowBytes(int cols) {
    return Math.multiplyExact(cols / dtype.blockLength(), scaleBytes);
  }

  /// Packs a row; the arrays are zero where it is to be filled up.
  public void pack(byte[] row, int cols, byte[] quants, int quantsAt, byte[] scales, int scalesAt) {
    packer.pack(row, cols / dtype.blockLength(), quants, quantsAt, scales, scalesAt);
  }
}
