// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import dev.alcedo.runtime.api.BackendStatus;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Every backend in the order of preference.
///
/// @param backends available or not
public record DevicesReply(List<BackendEntry> backends) {
  /// One backend.
  ///
  /// @param id of the backend
  /// @param weight its preference
  /// @param available whether it can run here
  /// @param devices at least one where it can
  /// @param reason why it cannot
  /// @param remedy what a person can do about it
  public record BackendEntry(
      String id,
      int weight,
      boolean available,
      List<DeviceInfo> devices,
      @Nullable String reason,
      @Nullable String remedy) {
    /// What `status` says.
    public static BackendEntry of(BackendStatus status) {
      return switch (status.availability()) {
        case Availability.Available a ->
            new BackendEntry(status.id(), status.weight(), true, a.devices(), null, null);
        case Availability.Unavailable u ->
            new BackendEntry(
                status.id(), status.weight(), false, List.of(), u.reason(), u.remedy());
      };
    }
  }
}
