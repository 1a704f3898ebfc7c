// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.lower;

import dev.alcedo.backend.apu.internal.network.NeuronOperation;

/// Activations out of LOGISTIC, TANH and EXP: the adapter has no SiLU, no GELU and no error
/// function whose code is public.
final class ActivationLowering {
  /// Abramowitz and Stegun 7.1.26: `erfc(z) = (a1 t + ... + a5 t^5) exp(-z²)`, `t = 1 / (1 + p z)`,
  /// for z from 0 on, with an error of at most 1.5e-7.
  private static final float[] ERFC = {
    0.254829592f, -0.284496736f, 1.421413741f, -1.453152027f, 1.061405429f
  };

  private static final float ERFC_P = 0.3275911f;

  private final Emitter emit;

  ActivationLowering(Emitter emit) {
    this.emit = emit;
  }

  Tensor silu(Tensor x) {
    return emit.mul(x, emit.unary(NeuronOperation.NEURON_LOGISTIC, x));
  }

  Tensor quickGelu(Tensor x) {
    Tensor steep = emit.mul(x, emit.real(1.702f));
    return emit.mul(x, emit.unary(NeuronOperation.NEURON_LOGISTIC, steep));
  }

  /// The cube may become infinite, as which TANH takes it for 1.
  Tensor geluTanh(Tensor x) {
    Tensor square = emit.mul(x, x);
    Tensor factor = emit.add(emit.mul(square, emit.real(0.044715f)), emit.real(1));
    Tensor inner = emit.mul(emit.mul(x, factor), emit.real((float) Math.sqrt(2 / Math.PI)));
    Tensor tanh = emit.unary(NeuronOperation.NEURON_TANH, inner);
    return emit.mul(emit.mul(x, emit.real(0.5f)), emit.add(tanh, emit.real(1)));
  }

  /// `max(x, 0) - |x| erfc(|x| / sqrt(2)) / 2`: no sign is needed.
  Tensor geluErf(Tensor x) {
    Tensor size = emit.unary(NeuronOperation.NEURON_ABS, x);
    Tensor z = emit.mul(size, emit.real((float) Math.sqrt(0.5)));
    Tensor t = emit.div(emit.real(1), emit.add(emit.mul(z, emit.real(ERFC_P)), emit.real(1)));
    Tensor sum = emit.mul(t, emit.real(ERFC[4]));
    for (int i = 3; i >= 0; i--) {
      sum = emit.mul(emit.add(sum, emit.real(ERFC[i])), t);
    }
    Tensor negative = emit.mul(emit.mul(z, z), emit.real(-1));
    Tensor bell = emit.unary(NeuronOperation.NEURON_EXP, negative);
    Tensor tail = emit.mul(emit.mul(size, emit.real(0.5f)), emit.mul(sum, bell));
    return emit.sub(emit.unary(NeuronOperation.NEURON_RELU, x), tail);
  }
}
