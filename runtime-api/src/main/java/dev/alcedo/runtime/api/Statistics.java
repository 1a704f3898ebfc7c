// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import java.time.Duration;

/// What a request took. Rates are derived from counts and times; a rate without time is 0.
///
/// @param promptTokenCount positions of the prompt, image tokens included
/// @param reusedTokenCount how many of them were in the KV cache already
/// @param imageTokenCount image tokens in the prompt
/// @param imageCount pictures in the prompt
/// @param tileCount tiles of those pictures, overviews included
/// @param generatedTokenCount tokens generated
/// @param imageTime decoding, tiling and encoding of those pictures, whenever that was
/// @param imageWait how long this request waited for its pictures; nothing if they were encoded
/// @param prefillTime from the first prefill step to the last, without waits for pictures
/// @param timeToFirstToken from submission to the first token
/// @param decodeTime from the first token to the last
/// @param grammarTime part of it, and before it, in which a grammar said what may follow
public record Statistics(
    int promptTokenCount,
    int reusedTokenCount,
    int imageTokenCount,
    int imageCount,
    int tileCount,
    int generatedTokenCount,
    Duration imageTime,
    Duration imageWait,
    Duration prefillTime,
    Duration timeToFirstToken,
    Duration decodeTime,
    Duration grammarTime) {
  /// Positions that prefill computed, per second.
  public double prefillRate() {
    return rate(promptTokenCount - reusedTokenCount, prefillTime);
  }

  /// Tokens per second after the first.
  public double decodeRate() {
    return rate(generatedTokenCount - 1, decodeTime);
  }

  private static double rate(int count, Duration time) {
    return count <= 0 || time.isZero() ? 0 : count * 1e9 / time.toNanos();
  }
}
