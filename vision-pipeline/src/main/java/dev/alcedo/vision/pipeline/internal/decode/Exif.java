// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.decode;

import dev.alcedo.runtime.api.InvalidRequestException;

/// Finds the one Exif tag that changes how a picture looks. Exif is a small TIFF file: a byte
/// order, then a table of tags (CIPA DC-008, section 4.6).
final class Exif {
  private static final int TAG_ORIENTATION = 0x0112;
  private static final int TYPE_SHORT = 3;

  private Exif() {}

  /// The orientation in `tiff`. Exif is an annex: where it is broken the picture stands as stored,
  /// as in other viewers.
  static Orientation orientation(ByteCursor tiff) {
    try {
      return find(tiff);
    } catch (InvalidRequestException _) {
      return Orientation.NORMAL;
    }
  }

  private static Orientation find(ByteCursor tiff) {
    int start = tiff.offset();
    boolean isLittle = tiff.accept("II");
    if (!isLittle && !tiff.accept("MM") || u16(tiff, isLittle) != 42) {
      return Orientation.NORMAL;
    }
    long table = isLittle ? tiff.u32le() : tiff.u32be();
    tiff.skip(table - (tiff.offset() - start));
    int entryCount = u16(tiff, isLittle);
    for (int i = 0; i < entryCount; i++) {
      ByteCursor entry = tiff.sub(12);
      if (u16(entry, isLittle) == TAG_ORIENTATION) {
        if (u16(entry, isLittle) != TYPE_SHORT) {
          return Orientation.NORMAL;
        }
        entry.skip(4);
        return Orientation.ofExif(u16(entry, isLittle));
      }
    }
    return Orientation.NORMAL;
  }

  private static int u16(ByteCursor cursor, boolean isLittle) {
    return isLittle ? cursor.u16le() : cursor.u16be();
  }
}
