// SPDX-License-Identifier: Apache-2.0

/// The backend `apu`: its provider, and what it tells people about the Neuron Adapter libraries it
/// found. No native call lives here.
@NullMarked
package dev.alcedo.backend.apu;

import org.jspecify.annotations.NullMarked;
