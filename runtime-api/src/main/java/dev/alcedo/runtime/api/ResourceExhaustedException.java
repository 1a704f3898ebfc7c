// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import org.jspecify.annotations.Nullable;

/// Something does not fit: says what is needed and what is there, in bytes or positions. What is
/// too large as it stands has the code `resource_exhausted`; what this machine has no memory for
/// just now has `out_of_memory`, and may do later.
public final class ResourceExhaustedException extends VlmException {
  private static final long serialVersionUID = 1L;

  /// With a message for people.
  public ResourceExhaustedException(String message) {
    this(message, null);
  }

  /// With a message for people and what led to it.
  public ResourceExhaustedException(String message, @Nullable Throwable cause) {
    this("resource_exhausted", message, cause);
  }

  private ResourceExhaustedException(String code, String message, @Nullable Throwable cause) {
    super(code, message, cause);
  }

  /// Memory does not suffice, whatever else is asked for now being done.
  public static ResourceExhaustedException ofMemory(String message, @Nullable Throwable cause) {
    return new ResourceExhaustedException("out_of_memory", message, cause);
  }
}
