// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

/// A request or a reply that says nothing: `{}`.
public record Nothing() {
  /// The one there is.
  public static final Nothing NOTHING = new Nothing();
}
