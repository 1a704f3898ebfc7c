// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import dev.alcedo.runtime.api.ModelInfo;

/// A loaded model.
///
/// @param model its handle, for later requests
/// @param info what it is, where it runs, what it takes
public record ModelReply(String model, ModelInfo info) {}
