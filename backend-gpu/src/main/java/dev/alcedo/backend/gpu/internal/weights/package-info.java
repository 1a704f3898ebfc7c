// SPDX-License-Identifier: Apache-2.0

/// How weights lie on a device: quants and scales apart, neighbours in one byte. No device is
/// touched here.
@NullMarked
package dev.alcedo.backend.gpu.internal.weights;

import org.jspecify.annotations.NullMarked;
