// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import dev.alcedo.runtime.api.graph.Graph;

/// One op on one set of shapes, as data.
///
/// @param name op, dtype, shapes, fill
/// @param graph a graph of this one node
/// @param itemCount items of the run
/// @param fill of the inputs
/// @param idBound I32 inputs are below it
/// @param tolerance greatest NMSE against the scalar kernels
public record OpCase(
    String name, Graph graph, int itemCount, Fill fill, int idBound, double tolerance) {}
