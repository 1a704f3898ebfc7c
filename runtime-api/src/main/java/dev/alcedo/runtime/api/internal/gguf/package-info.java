// SPDX-License-Identifier: Apache-2.0

/// GGUF files: a strict reader over mapped memory and a writer. The only place that knows ggml's
/// dimension order (innermost first) and file layout; everyone else sees shapes outermost first. No
/// knowledge of model families, and no arithmetic on tensor data.
@NullMarked
package dev.alcedo.runtime.api.internal.gguf;

import org.jspecify.annotations.NullMarked;
