// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import dev.alcedo.runtime.api.spi.Stage;
import java.util.List;

/// Where one stage runs and why.
///
/// @param stage the stage
/// @param backend id of the backend that runs most of it
/// @param device name of its device
/// @param nodeCount nodes that it runs
/// @param fallbacks nodes that went to cpu instead, each with its reason; empty as a rule
/// @param reason why this backend was chosen, one clause
public record Placement(
    Stage stage,
    String backend,
    String device,
    int nodeCount,
    List<String> fallbacks,
    String reason) {
  /// Copies the list.
  public Placement {
    fallbacks = List.copyOf(fallbacks);
  }
}
