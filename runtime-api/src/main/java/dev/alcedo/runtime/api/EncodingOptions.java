// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import java.time.Duration;

/// When pictures are encoded, and how long what that takes and gives is kept.
///
/// @param prefillFollows whether image tokens are prefilled, in prompt order, as their tiles
///   arrive, while later tiles are still being encoded; else prefill waits for the whole picture
/// @param residence whether the image encoder stays in memory between pictures
/// @param cacheBytes image tokens that are kept for pictures handed in before; those used last stay
/// @param expiry how long after its last use a picture's handle stays good, if the bytes suffice
public record EncodingOptions(
    Lever prefillFollows, Residence residence, long cacheBytes, Duration expiry) {
  /// Levers left to the placement, 256 MiB of image tokens, handles good for ten minutes.
  public static final EncodingOptions DEFAULTS =
      new EncodingOptions(Lever.AUTO, Residence.AUTO, 256L << 20, Duration.ofMinutes(10));

  /// A switch that may be left to the placement.
  public enum Lever {
    /// On where it can gain: where the two sides run on different devices.
    AUTO,
    /// On.
    ON,
    /// Off.
    OFF
  }

  /// What becomes of the image encoder's weights and buffers after use.
  public enum Residence {
    /// Kept, unless the memory plan would take more than three quarters of what the limit or the
    /// machine leaves: then as [#RELEASE].
    AUTO,
    /// Made ready with the model and kept: the next picture does not wait for it.
    KEEP,
    /// Made ready for a picture and given up once none waits.
    RELEASE
  }

  /// Checks ranges.
  ///
  /// @throws InvalidRequestException naming the option that is out of range
  public EncodingOptions {
    if (cacheBytes < 0) {
      throw new InvalidRequestException(
          "encoding option cacheBytes: expected 0 or more, got " + cacheBytes);
    }
    if (expiry.isNegative() || expiry.isZero() || expiry.compareTo(Duration.ofDays(365)) > 0) {
      throw new InvalidRequestException(
          "encoding option expiry: expected more than nothing and at most a year, got " + expiry);
    }
  }

  /// These options with prefill following encoding, or not.
  public EncodingOptions prefillFollows(Lever lever) {
    return new EncodingOptions(lever, residence, cacheBytes, expiry);
  }

  /// These options with the encoder kept, or not.
  public EncodingOptions residence(Residence other) {
    return new EncodingOptions(prefillFollows, other, cacheBytes, expiry);
  }

  /// These options with at most `bytes` of image tokens.
  public EncodingOptions cacheBytes(long bytes) {
    return new EncodingOptions(prefillFollows, residence, bytes, expiry);
  }

  /// These options with handles that are good for `time` after their last use.
  public EncodingOptions expiry(Duration time) {
    return new EncodingOptions(prefillFollows, residence, cacheBytes, time);
  }
}
