// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import org.jspecify.annotations.Nullable;

/// The perplexity of a text.
///
/// @param model handle of a loaded model
/// @param text to score
/// @param chunkLength tokens of a chunk; 512 if absent
/// @param replyTo where progress events go, if anybody wants them; also names the work for
///   `alcedo.cancel`
public record PerplexityRequest(
    @Nullable String model,
    @Nullable String text,
    @Nullable Integer chunkLength,
    @Nullable String replyTo) {}
