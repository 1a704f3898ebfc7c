// SPDX-License-Identifier: Apache-2.0

/// Vision towers as graphs, and the names under which mmproj files keep them.
@NullMarked
package dev.alcedo.vision.pipeline.internal.tower;

import org.jspecify.annotations.NullMarked;
