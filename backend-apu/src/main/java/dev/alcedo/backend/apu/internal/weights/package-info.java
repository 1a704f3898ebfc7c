// SPDX-License-Identifier: Apache-2.0

/// Weights of every GGUF dtype that we lower, as floats: the Neuron Adapter has no type for blocks
/// with scales of their own, so they are widened before a network is compiled.
@NullMarked
package dev.alcedo.backend.apu.internal.weights;

import org.jspecify.annotations.NullMarked;
