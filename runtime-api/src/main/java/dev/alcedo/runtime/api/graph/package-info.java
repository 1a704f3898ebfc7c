// SPDX-License-Identifier: Apache-2.0

/// The closed op set and the graphs that model families build from it. Backends compile these; no
/// backend, kernel or file format is known here.
@NullMarked
package dev.alcedo.runtime.api.graph;

import org.jspecify.annotations.NullMarked;
