// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.decode;

/// Walks the blocks of a GIF (CompuServe, 89a) to the end of its first frame.
final class GifHeader {
  private static final int VERSION_BYTES = 6;

  private GifHeader() {}

  static ImageHeader read(byte[] image) {
    var in = new ByteCursor(ImageFormat.GIF, image);
    in.skip(VERSION_BYTES);
    int screenWidth = in.u16le();
    int screenHeight = in.u16le();
    int flags = in.u8();
    in.skip(2);
    skipColours(in, flags);
    while (true) {
      int block = in.u8();
      switch (block) {
        case 0x21 -> {
          in.skip(1);
          skipSubBlocks(in);
        }
        case 0x2C -> {
          return frame(in, screenWidth, screenHeight);
        }
        case 0x3B -> throw in.broken("no frame");
        default -> throw in.broken("unknown block %02X".formatted(block));
      }
    }
  }

  /// The canvas is the screen, grown where the frame reaches beyond it (as Pillow does).
  private static ImageHeader frame(ByteCursor in, int screenWidth, int screenHeight) {
    int left = in.u16le();
    int top = in.u16le();
    int width = in.u16le();
    int height = in.u16le();
    in.require(width > 0 && height > 0, "a frame of %dx%d".formatted(width, height));
    skipColours(in, in.u8());
    int codeBits = in.u8();
    in.require(codeBits >= 1 && codeBits <= 11, "codes of %d bits".formatted(codeBits));
    skipSubBlocks(in);
    return new ImageHeader(
        ImageFormat.GIF,
        Math.max(screenWidth, left + width),
        Math.max(screenHeight, top + height),
        Orientation.NORMAL,
        new ImageHeader.Detail.Frame(left, top));
  }

  private static void skipColours(ByteCursor in, int flags) {
    if ((flags & 0x80) != 0) {
      in.skip(3L << (flags & 7) + 1);
    }
  }

  private static void skipSubBlocks(ByteCursor in) {
    int length = in.u8();
    while (length != 0) {
      in.skip(length);
      length = in.u8();
    }
  }
}
