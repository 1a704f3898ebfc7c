// SPDX-License-Identifier: Apache-2.0

/// Tensors as values: element types, shapes and views of memory. No arithmetic lives here.
@NullMarked
package dev.alcedo.runtime.api.tensor;

import org.jspecify.annotations.NullMarked;
