// SPDX-License-Identifier: Apache-2.0

/// From our op set to Neuron networks with static shapes. Nothing here calls the driver.
@NullMarked
package dev.alcedo.backend.apu.internal.lower;

import org.jspecify.annotations.NullMarked;
