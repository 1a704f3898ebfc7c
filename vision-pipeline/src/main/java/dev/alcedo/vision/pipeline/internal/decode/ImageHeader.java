// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.decode;

/// What a picture says about itself before anything is decoded.
///
/// @param width pixels as stored, before the orientation is applied
/// @param height pixels as stored, before the orientation is applied
/// @param orientation how the stored pixels are to be turned
/// @param detail what the decoder of this format needs besides
public record ImageHeader(
    ImageFormat format, int width, int height, Orientation orientation, Detail detail) {
  /// A header without orientation and details.
  public ImageHeader(ImageFormat format, int width, int height) {
    this(format, width, height, Orientation.NORMAL, new Detail.None());
  }

  /// Pixels across, orientation applied.
  public int uprightWidth() {
    return orientation.isTransposed() ? height : width;
  }

  /// Pixels down, orientation applied.
  public int uprightHeight() {
    return orientation.isTransposed() ? width : height;
  }

  /// Facts of one format.
  public sealed interface Detail {
    /// Nothing besides.
    record None() implements Detail {}

    /// Where a GIF's first frame lies on its canvas, in pixels.
    record Frame(int left, int top) implements Detail {}

    /// How a JPEG of four components stores its inks: `isYcck` as luma, chroma and black, else as
    /// CMYK; as 255 minus ink in either case, which is Adobe's way.
    record Inks(boolean isYcck) implements Detail {}

    /// Where a WebP's picture data and its alpha plane lie, in bytes; `alphaLength` is 0 without
    /// one.
    record WebpData(boolean isLossless, int offset, int length, int alphaOffset, int alphaLength)
        implements Detail {}
  }
}
