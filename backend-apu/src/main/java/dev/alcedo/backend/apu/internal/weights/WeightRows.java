// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.weights;

import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// Rows of a weight as floats.
public final class WeightRows {
  private final TensorView view;
  private final BlockDecoder decoder;
  private final byte[] bytes;

  /// @param view of a dtype that [#isReadable]
  public WeightRows(TensorView view) {
    this.view = view;
    this.decoder =
        decoder(view.dtype())
            .orElseThrow(() -> new IllegalArgumentException("no decoder of " + view.dtype()));
    this.bytes = new byte[Math.toIntExact(view.rowBytes())];
  }

  /// Whether there is a decoder of `dtype`.
  public static boolean isReadable(DType dtype) {
    return decoder(dtype).isPresent();
  }

  /// Reads row `row` to the start of `out`.
  public void read(long row, float[] out) {
    MemorySegment.copy(
        view.data(), ValueLayout.JAVA_BYTE, row * bytes.length, bytes, 0, bytes.length);
    int blockBytes = view.dtype().blockBytes();
    int blockLength = view.dtype().blockLength();
    for (int block = 0; block < bytes.length / blockBytes; block++) {
      decoder.decode(bytes, block * blockBytes, out, block * blockLength);
    }
  }

  private static Optional<BlockDecoder> decoder(DType dtype) {
    return Optional.ofNullable(
        switch (dtype) {
          case F32 -> Decoders::f32;
          case F16 -> Decoders::f16;
          case BF16 -> Decoders::bf16;
          case Q8_0 -> Decoders::q8_0;
          case Q4_0 -> Decoders::q4_0;
          case Q4_1 -> Decoders::q4_1;
          case Q5_0 -> Decoders::q5_0;
          case Q5_1 -> Decoders::q5_1;
          case Q4_K -> KDecoders::q4;
          case Q5_K -> KDecoders::q5;
          case Q6_K -> KDecoders::q6;
          default -> null;
        });
  }
}
