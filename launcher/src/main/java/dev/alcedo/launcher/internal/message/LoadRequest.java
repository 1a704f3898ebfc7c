// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import org.jspecify.annotations.Nullable;

/// Loads a model.
///
/// @param spec which and how
/// @param replyTo where progress events go, if anybody wants them
public record LoadRequest(ModelSpec spec, @Nullable String replyTo) {}
