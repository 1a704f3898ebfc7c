// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

/// What a model holds now, and how often it did not have to encode a picture.
///
/// @param imageHits pictures handed in or named whose image tokens were there or on their way
/// @param imageMisses pictures that were taken in to be encoded
/// @param imageCount pictures that are kept
/// @param imageBytes of their image tokens
/// @param imageBytesMax what these may grow to
/// @param sessionCount sessions that are open
/// @param kvBytes of the KV caches of these sessions
public record ModelStatistics(
    long imageHits,
    long imageMisses,
    int imageCount,
    long imageBytes,
    long imageBytesMax,
    int sessionCount,
    long kvBytes) {}
