// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.opencl;

import java.util.List;
import java.util.Optional;

/// What came of one library of the search list.
///
/// @param library name or path, as it was searched for
/// @param platforms what it offers, in its order
/// @param problem why it offers nothing, if so
/// @param isFound whether there is such a library at all
/// @param cause what the platform threw, if it threw
public record LibraryReport(
    String library,
    List<PlatformReport> platforms,
    Optional<String> problem,
    boolean isFound,
    Optional<Throwable> cause) {
  /// Copies the list.
  public LibraryReport {
    platforms = List.copyOf(platforms);
  }

  static LibraryReport notFound(String library) {
    return new LibraryReport(library, List.of(), Optional.of("not found"), false, Optional.empty());
  }

  static LibraryReport unusable(String library, Throwable cause) {
    return new LibraryReport(
        library,
        List.of(),
        Optional.of(LoadErrors.reason(cause, library)),
        true,
        Optional.of(cause));
  }

  static LibraryReport withoutPlatform(String library, String problem) {
    return new LibraryReport(library, List.of(), Optional.of(problem), true, Optional.empty());
  }

  static LibraryReport of(String library, List<PlatformReport> platforms) {
    return new LibraryReport(library, platforms, Optional.empty(), true, Optional.empty());
  }

  /// Whether there is a device of any kind.
  public boolean hasDevice() {
    return platforms.stream().anyMatch(platform -> !platform.devices().isEmpty());
  }

  /// Whether there is a GPU on any platform.
  public boolean hasGpu() {
    return platforms.stream().anyMatch(platform -> !platform.gpus().isEmpty());
  }
}
