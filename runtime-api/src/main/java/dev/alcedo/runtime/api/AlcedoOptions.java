// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import dev.alcedo.runtime.api.spi.BackendOptions;
import java.util.Map;

/// How the engine is set up, for all its models.
///
/// @param backends options by backend id; a backend that is not listed gets the defaults
public record AlcedoOptions(Map<String, BackendOptions> backends) {
  /// All defaults.
  public static final AlcedoOptions DEFAULTS = new AlcedoOptions(Map.of());

  /// Copies the map.
  public AlcedoOptions {
    backends = Map.copyOf(backends);
  }

  /// Options of one backend.
  public BackendOptions backend(String id) {
    return backends.getOrDefault(id, BackendOptions.DEFAULTS);
  }
}
