// SPDX-License-Identifier: Apache-2.0

/// Compiled programs on disk: bytes that are given back exactly as they were, or not at all. No
/// device is touched here.
@NullMarked
package dev.alcedo.backend.gpu.internal.cache;

import org.jspecify.annotations.NullMarked;
