// SPDX-License-Identifier: Apache-2.0

/// The entry point; everything else is internal.
@NullMarked
package dev.alcedo.launcher;

import org.jspecify.annotations.NullMarked;
