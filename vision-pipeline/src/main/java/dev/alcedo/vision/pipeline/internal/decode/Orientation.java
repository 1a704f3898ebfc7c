// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.decode;

/// The eight values of the Exif tag Orientation (0x0112, CIPA DC-008), in their order: how stored
/// pixels are turned to stand upright.
public enum Orientation {
  /// 1: as stored.
  NORMAL(false, false, false),
  /// 2: mirrored left to right.
  MIRRORED(false, true, false),
  /// 3: turned by 180 degrees.
  TURNED_180(false, true, true),
  /// 4: mirrored top to bottom.
  FLIPPED(false, false, true),
  /// 5: rows and columns swapped.
  TRANSPOSED(true, false, false),
  /// 6: turned by 90 degrees clockwise.
  TURNED_90(true, false, true),
  /// 7: rows and columns swapped along the other diagonal.
  TRANSVERSED(true, true, true),
  /// 8: turned by 270 degrees clockwise.
  TURNED_270(true, true, false);

  private final boolean isTransposed;
  private final boolean isFromRight;
  private final boolean isFromBottom;

  Orientation(boolean isTransposed, boolean isFromRight, boolean isFromBottom) {
    this.isTransposed = isTransposed;
    this.isFromRight = isFromRight;
    this.isFromBottom = isFromBottom;
  }

  /// The orientation that Exif numbers `value`; [#NORMAL] for a number that Exif does not know.
  public static Orientation ofExif(int value) {
    return value >= 1 && value <= 8 ? values()[value - 1] : NORMAL;
  }

  /// Whether width and height change places.
  public boolean isTransposed() {
    return isTransposed;
  }

  /// `stored` as it should stand.
  public Bitmap apply(Bitmap stored) {
    if (this == NORMAL) {
      return stored;
    }
    int width = isTransposed ? stored.height() : stored.width();
    int height = isTransposed ? stored.width() : stored.height();
    Bitmap upright = Bitmap.black(width, height);
    byte[] from = stored.rgb();
    byte[] to = upright.rgb();
    int out = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int col = isTransposed ? y : x;
        int row = isTransposed ? x : y;
        col = isFromRight ? stored.width() - 1 - col : col;
        row = isFromBottom ? stored.height() - 1 - row : row;
        int in = (row * stored.width() + col) * 3;
        to[out++] = from[in];
        to[out++] = from[in + 1];
        to[out++] = from[in + 2];
      }
    }
    return upright;
  }
}
