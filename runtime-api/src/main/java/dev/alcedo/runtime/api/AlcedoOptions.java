// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import dev.alcedo.runtime.api.spi.BackendOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// How the engine is set up, for all its models.
///
/// @param backends options by backend id; a backend that is not listed gets the defaults
/// @param trace hears of everything that is done
/// @param cacheFolder where is kept what was measured on this machine; empty for nowhere
public record AlcedoOptions(
    Map<String, BackendOptions> backends, TraceListener trace, Optional<Path> cacheFolder) {
  /// All defaults.
  public static final AlcedoOptions DEFAULTS = new AlcedoOptions(Map.of());

  /// Copies the map.
  public AlcedoOptions {
    backends = Map.copyOf(backends);
  }

  /// Options of backends; nobody hears of what is done.
  public AlcedoOptions(Map<String, BackendOptions> backends) {
    this(backends, TraceListener.NONE, Optional.empty());
  }

  /// These options with another listener.
  public AlcedoOptions withTrace(TraceListener listener) {
    return new AlcedoOptions(backends, listener, cacheFolder);
  }

  /// These options with a folder for what was measured.
  public AlcedoOptions withCacheFolder(Path folder) {
    return new AlcedoOptions(backends, trace, Optional.of(folder));
  }

  /// Options of one backend.
  public BackendOptions backend(String id) {
    return backends.getOrDefault(id, BackendOptions.DEFAULTS);
  }
}
