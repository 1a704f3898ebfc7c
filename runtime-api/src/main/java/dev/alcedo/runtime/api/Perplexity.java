// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

/// How surprised a model is by a text: the exponential of the mean negative log-probability of its
/// tokens. Lower is better; numbers are comparable between models of one vocabulary.
///
/// @param chunk chunks scored so far
/// @param chunkCount chunks in all
/// @param tokenCount tokens scored so far
/// @param perplexity over those, at least 1
/// @param error standard error of `perplexity`, to first order
public record Perplexity(
    int chunk, int chunkCount, int tokenCount, double perplexity, double error) {}
