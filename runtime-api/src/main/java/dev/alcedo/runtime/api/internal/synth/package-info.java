// SPDX-License-Identifier: Apache-2.0

/// Model files of given shapes with random weights, to measure with. Knows names, keys and block
/// layouts; no quantiser and no arithmetic on models.
@NullMarked
package dev.alcedo.runtime.api.internal.synth;

import org.jspecify.annotations.NullMarked;
