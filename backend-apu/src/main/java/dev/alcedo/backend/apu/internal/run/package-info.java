// SPDX-License-Identifier: Apache-2.0

/// Compiling and running graphs on a Neuron device: buckets, KV windows, the cache of compiled
/// networks, and what happens when the driver fails, hangs or answers nonsense.
@NullMarked
package dev.alcedo.backend.apu.internal.run;

import org.jspecify.annotations.NullMarked;
