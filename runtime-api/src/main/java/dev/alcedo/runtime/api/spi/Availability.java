// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import java.util.List;
import java.util.Optional;

/// Whether a backend can run on this machine: a value with reasons, never `false`.
public sealed interface Availability {
  /// The backend is here.
  ///
  /// @param devices at least one; the first is the default
  record Available(List<DeviceInfo> devices) implements Availability {
    /// Copies the list.
    ///
    /// @throws IllegalArgumentException if there are no devices
    public Available {
      devices = List.copyOf(devices);
      if (devices.isEmpty()) {
        throw new IllegalArgumentException("an available backend has at least one device");
      }
    }
  }

  /// The backend cannot run here.
  ///
  /// @param reason what was looked for and what was found, one sentence
  /// @param remedy what a person can do about it, one sentence
  /// @param cause what the platform threw, if it threw
  record Unavailable(String reason, String remedy, Optional<Throwable> cause)
      implements Availability {}
}
