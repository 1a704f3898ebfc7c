// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.decode;

/// The two headers of a Windows bitmap (BITMAPFILEHEADER, then BITMAPCOREHEADER or BITMAPINFOHEADER
/// and its successors).
final class BmpHeader {
  private static final int CORE_HEADER_BYTES = 12;
  private static final int INFO_HEADER_BYTES = 40;
  private static final int RGB = 0;
  private static final int BITFIELDS = 3;

  private BmpHeader() {}

  static ImageHeader read(byte[] image) {
    var in = new ByteCursor(ImageFormat.BMP, image);
    in.skip(10);
    long dataOffset = in.u32le();
    long headerBytes = in.u32le();
    in.require(
        headerBytes == CORE_HEADER_BYTES || headerBytes >= INFO_HEADER_BYTES && headerBytes <= 124,
        "unknown header of %d bytes".formatted(headerBytes));
    boolean isCore = headerBytes == CORE_HEADER_BYTES;
    int width = isCore ? in.u16le() : in.i32le();
    int height = isCore ? in.u16le() : in.i32le();
    in.skip(2);
    int bitCount = in.u16le();
    int compression = isCore ? RGB : in.i32le();
    // A negative height says that rows come from the top; its absolute value must exist.
    in.require(
        width > 0 && height != 0 && height != Integer.MIN_VALUE,
        "a picture of %dx%d".formatted(width, height));
    if (compression < RGB || compression > BITFIELDS) {
      throw in.unsupported(
          "compression %d".formatted(compression), "save it uncompressed or as PNG");
    }
    in.require(
        switch (bitCount) {
          case 1, 4, 8, 16, 24, 32 -> true;
          default -> false;
        },
        "%d bits a pixel".formatted(bitCount));
    if (compression == RGB || compression == BITFIELDS) {
      checkLength(in, image, dataOffset, width, Math.abs(height), bitCount);
    }
    return new ImageHeader(ImageFormat.BMP, width, Math.abs(height));
  }

  /// Uncompressed rows are padded to four bytes and must all be there.
  private static void checkLength(
      ByteCursor in, byte[] image, long dataOffset, int width, int height, int bitCount) {
    long rowBytes = Math.ceilDiv((long) width * bitCount, 32L) * 4;
    long held = image.length - dataOffset;
    // Divided, not multiplied: both sides come from the file.
    if (held < 0 || held / rowBytes < height) {
      throw in.broken(
          "truncated: %d rows of %d bytes at byte %d of %d"
              .formatted(height, rowBytes, dataOffset, image.length));
    }
  }
}
