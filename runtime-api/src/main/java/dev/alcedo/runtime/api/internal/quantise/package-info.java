// SPDX-License-Identifier: Apache-2.0

/// Writes model files with other element types: which tensor gets which type, and the arithmetic
/// that turns floats into quant blocks. Reading them is the backends' (`Op.Embedding`).
@NullMarked
package dev.alcedo.runtime.api.internal.quantise;

import org.jspecify.annotations.NullMarked;
