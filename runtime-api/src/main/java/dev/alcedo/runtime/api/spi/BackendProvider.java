// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

/// A kind of compute: CPU, OpenCL, APU. Two steps: the provider says whether it can run here, the
/// [Backend] computes.
public interface BackendProvider extends Provider {
  /// Whether this machine has what the backend needs. Touches the real driver, turns every linkage
  /// error into a reason, never throws, and may take up to a few seconds; called once per process
  /// as a rule.
  Availability probe();

  /// Opens `device`, one of those that [#probe()] found.
  ///
  /// @throws dev.alcedo.runtime.api.BackendException if the device cannot be opened after all
  Backend open(DeviceInfo device, BackendOptions options);
}
