// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

/// Names a loaded model.
///
/// @param model handle from [ModelReply]
public record ModelRef(String model) {}
