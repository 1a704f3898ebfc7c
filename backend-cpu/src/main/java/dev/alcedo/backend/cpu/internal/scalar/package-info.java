// SPDX-License-Identifier: Apache-2.0

/// The definition of every op: plain loops, as a textbook would write them. Not meant to be fast.
@NullMarked
package dev.alcedo.backend.cpu.internal.scalar;

import org.jspecify.annotations.NullMarked;
