// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import dev.alcedo.runtime.api.Perplexity;

/// The perplexity of a text.
public record PerplexityReply(Perplexity result) {}
