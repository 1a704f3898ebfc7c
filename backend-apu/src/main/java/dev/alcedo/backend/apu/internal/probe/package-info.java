// SPDX-License-Identifier: Apache-2.0

/// Probing one library in a child process: the command line, the lines that the child prints, the
/// watch over it, and where libraries are looked for. Nothing native is loaded here.
@NullMarked
package dev.alcedo.backend.apu.internal.probe;

import org.jspecify.annotations.NullMarked;
