// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.decode;

/// Walks the chunks of a still WebP (RFC 9649): size, orientation, and whether all of it is there.
final class WebpHeader {
  private static final int ANIMATION_FLAG = 0x02;

  private WebpHeader() {}

  static ImageHeader read(byte[] image) {
    var file = new ByteCursor(ImageFormat.WEBP, image);
    file.skip(4);
    long riffBytes = file.u32le();
    file.require(riffBytes >= 12, "RIFF size of %d bytes".formatted(riffBytes));
    ByteCursor in = file.sub(riffBytes);
    in.skip(4);
    Size canvas = null;
    Size frame = null;
    var orientation = Orientation.NORMAL;
    ImageHeader.Detail detail = new ImageHeader.Detail.None();
    int alphaOffset = 0;
    int alphaBytes = 0;
    // A chunk of odd length is padded; some writers leave the last pad byte out.
    while (in.remaining() >= 8) {
      String name = in.name();
      long length = in.u32le();
      ByteCursor body = in.sub(length);
      int start = body.offset();
      int bytes = body.remaining();
      in.skip(Math.min(length & 1, in.remaining()));
      switch (name) {
        case "VP8X" -> canvas = extended(body);
        case "ALPH" -> {
          alphaOffset = start;
          alphaBytes = bytes;
        }
        case "VP8 " -> {
          in.require(frame == null, "a second picture");
          frame = lossy(body);
          detail = new ImageHeader.Detail.WebpData(false, start, bytes, alphaOffset, alphaBytes);
        }
        case "VP8L" -> {
          in.require(frame == null, "a second picture");
          frame = lossless(body);
          detail = new ImageHeader.Detail.WebpData(true, start, bytes, 0, 0);
        }
        case "EXIF" -> {
          body.accept("Exif\0\0");
          orientation = Exif.orientation(body);
        }
        default -> {}
      }
    }
    in.require(frame != null, "no picture data");
    in.require(
        canvas == null || canvas.equals(frame),
        "canvas is %s, picture is %s".formatted(canvas, frame));
    return new ImageHeader(ImageFormat.WEBP, frame.width(), frame.height(), orientation, detail);
  }

  private static Size extended(ByteCursor body) {
    int flags = body.u8();
    if ((flags & ANIMATION_FLAG) != 0) {
      throw body.unsupported("animation", "send one frame");
    }
    body.skip(3);
    return new Size(body.u24le() + 1, body.u24le() + 1);
  }

  private static Size lossy(ByteCursor body) {
    int tag = body.u24le();
    body.require((tag & 1) == 0, "VP8 data without a key frame");
    // The first partition's length follows from the tag and must lie within the chunk.
    body.require(
        body.u24le() == 0x2A019D && (tag >> 5) <= body.remaining(), "bad VP8 frame header");
    var size = new Size(body.u16le() & 0x3FFF, body.u16le() & 0x3FFF);
    body.require(size.width() > 0 && size.height() > 0, "a picture of " + size);
    return size;
  }

  private static Size lossless(ByteCursor body) {
    body.require(body.u8() == 0x2F, "bad VP8L signature");
    int bits = body.i32le();
    body.require(bits >>> 29 == 0, "unknown VP8L version " + (bits >>> 29));
    return new Size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1);
  }

  private record Size(int width, int height) {
    @Override
    public String toString() {
      return width + "x" + height;
    }
  }
}
