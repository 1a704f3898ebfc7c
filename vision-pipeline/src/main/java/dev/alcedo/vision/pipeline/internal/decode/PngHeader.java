// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.decode;

import java.util.zip.CRC32;

/// Walks the chunks of a PNG: size, orientation, and whether all of it is there. An animated PNG
/// gives its still picture.
final class PngHeader {
  private static final int SIGNATURE_BYTES = 8;

  private PngHeader() {}

  static ImageHeader read(byte[] image) {
    var in = new ByteCursor(ImageFormat.PNG, image);
    in.skip(SIGNATURE_BYTES);
    int width = 0;
    int height = 0;
    boolean hasData = false;
    var orientation = Orientation.NORMAL;
    while (true) {
      long length = in.u32be();
      int start = in.offset();
      String name = in.name();
      ByteCursor body = in.sub(length);
      checkSum(in, image, start, name);
      in.require(width > 0 == !name.equals("IHDR"), "expected IHDR first and once");
      switch (name) {
        case "IHDR" -> {
          body.require(length == 13, "IHDR: expected 13 bytes, got " + length);
          width = side(body);
          height = side(body);
          checkKind(body);
        }
        case "eXIf" -> orientation = Exif.orientation(body);
        case "IDAT" -> hasData = true;
        case "IEND" -> {
          in.require(hasData, "no IDAT chunk");
          return new ImageHeader(
              ImageFormat.PNG, width, height, orientation, new ImageHeader.Detail.None());
        }
        default -> {}
      }
    }
  }

  private static int side(ByteCursor body) {
    long side = body.u32be();
    body.require(side >= 1 && side <= Integer.MAX_VALUE, "a side of %d pixels".formatted(side));
    return (int) side;
  }

  private static void checkKind(ByteCursor body) {
    int depth = body.u8();
    int colour = body.u8();
    boolean isKnown =
        switch (colour) {
          case 0 -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
          case 3 -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
          case 2, 4, 6 -> depth == 8 || depth == 16;
          default -> false;
        };
    body.require(isKnown, "colour type %d with %d bits".formatted(colour, depth));
    body.require(body.u8() == 0 && body.u8() == 0, "unknown compression or filter method");
    body.require(body.u8() <= 1, "unknown interlace method");
  }

  /// Chunks that matter are checked: an upper-case first letter says so.
  private static void checkSum(ByteCursor in, byte[] image, int start, String name) {
    int length = in.offset() - start;
    long expected = in.u32be();
    if (Character.isUpperCase(name.charAt(0))) {
      var crc = new CRC32();
      crc.update(image, start, length);
      in.require(
          crc.getValue() == expected,
          "chunk at byte %d has checksum %08x, expected %08x"
              .formatted(start, crc.getValue(), expected));
    }
  }
}
