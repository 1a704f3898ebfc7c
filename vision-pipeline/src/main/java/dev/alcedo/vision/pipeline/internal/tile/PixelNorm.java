// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tile;

import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import java.lang.foreign.MemorySegment;

/// Bytes to the numbers that a vision tower expects: `(p / 255 - mean) / std`, channel by channel.
/// Immutable; any thread.
public final class PixelNorm {
  private static final int CHANNEL_COUNT = 3;

  private final float[][] table = new float[CHANNEL_COUNT][256];

  /// @param mean of each channel
  /// @param std of each channel, above 0
  public PixelNorm(float[] mean, float[] std) {
    for (int channel = 0; channel < CHANNEL_COUNT; channel++) {
      for (int p = 0; p < 256; p++) {
        table[channel][p] = (p / 255f - mean[channel]) / std[channel];
      }
    }
  }

  /// Writes `bitmap` as `[3, height, width]` F32 to `pixels` from byte `offset`.
  public void write(Bitmap bitmap, MemorySegment pixels, long offset) {
    byte[] rgb = bitmap.rgb();
    int pixelCount = bitmap.width() * bitmap.height();
    for (int channel = 0; channel < CHANNEL_COUNT; channel++) {
      float[] values = table[channel];
      long start = offset + (long) channel * pixelCount * Float.BYTES;
      for (int i = 0; i < pixelCount; i++) {
        pixels.set(
            TensorView.F32_LE,
            start + (long) i * Float.BYTES,
            values[rgb[i * CHANNEL_COUNT + channel] & 255]);
      }
    }
  }

  /// Writes the square of `size` pixels a side whose upper left corner is at (`left`, `top`) of
  /// `bitmap` as `[3, size, size]` F32 to `pixels` from byte `offset`.
  public void writeSquare(
      Bitmap bitmap, int left, int top, int size, MemorySegment pixels, long offset) {
    byte[] rgb = bitmap.rgb();
    long at = offset;
    for (int channel = 0; channel < CHANNEL_COUNT; channel++) {
      float[] values = table[channel];
      for (int y = top; y < top + size; y++) {
        int from = (y * bitmap.width() + left) * CHANNEL_COUNT + channel;
        for (int x = 0; x < size; x++) {
          pixels.set(TensorView.F32_LE, at, values[rgb[from + x * CHANNEL_COUNT] & 255]);
          at += Float.BYTES;
        }
      }
    }
  }
}
