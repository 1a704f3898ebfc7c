// SPDX-License-Identifier: Apache-2.0

/// Neuron networks as values: operands, operations, constants. What the lowering makes, the cache
/// names and the binding hands to the driver; nothing native.
@NullMarked
package dev.alcedo.backend.apu.internal.network;

import org.jspecify.annotations.NullMarked;
