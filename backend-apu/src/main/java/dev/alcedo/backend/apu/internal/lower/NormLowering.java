// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.lower;

import dev.alcedo.backend.apu.internal.network.NeuronOperation;

/// Norms out of plain operations, safe in F16.
///
/// The square of a number above 255 is infinite in F16, and that of one below 2^-12 is zero; a
/// constant factor moves that window and does not widen it. So rows are first divided by their own
/// largest magnitude `d`: `x / sqrt(mean(x²) + eps)` is `(x/d) / sqrt(mean((x/d)²) +
/// (sqrt(eps)/d)²)` for any `d`, and with this one all squares are at most 1 and their mean is at
/// least 1 divided by the row's length.
final class NormLowering {
  /// The smallest normal F16: rows of zeros are divided by it.
  private static final float DIVISOR_MIN = 0x1p-14f;

  private final Emitter emit;

  NormLowering(Emitter emit) {
    this.emit = emit;
  }

  /// Each row of `x` divided by its root mean square, with `eps` under the root.
  Tensor normalised(Tensor x, float eps) {
    Tensor largest = emit.max(emit.unary(NeuronOperation.NEURON_ABS, x));
    Tensor divisor = emit.maximum(largest, emit.real(DIVISOR_MIN));
    Tensor scaled = emit.div(x, divisor);
    Tensor mean = emit.mean(emit.mul(scaled, scaled));
    Tensor root = emit.div(emit.real((float) Math.sqrt(eps)), divisor);
    Tensor sum = emit.add(mean, emit.mul(root, root));
    return emit.mul(scaled, emit.unary(NeuronOperation.NEURON_RSQRT, sum));
  }

  /// Each row of `x` less its mean.
  Tensor centred(Tensor x) {
    return emit.sub(x, emit.mean(x));
  }
}
