// SPDX-License-Identifier: Apache-2.0

/// MediaTek's Neuron Adapter as its C header names it, bound with JNA, and the program that probes
/// it in a process of its own. Native handles never leave this package.
@NullMarked
package dev.alcedo.backend.apu.internal.neuron;

import org.jspecify.annotations.NullMarked;
