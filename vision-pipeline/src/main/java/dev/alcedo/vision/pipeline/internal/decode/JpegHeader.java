// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.decode;

/// Walks the segments of a JPEG (ITU-T T.81, annex B) up to its end: size, orientation, inks, and
/// whether all of it is there. libjpeg would fill what is missing with grey and say nothing.
final class JpegHeader {
  /// A progressive picture has about ten scans; thousands are an attack on the decoder's time.
  private static final int SCAN_COUNT_MAX = 100;

  private static final int ADOBE_YCCK = 2;

  private final ByteCursor in;
  private int width;
  private int height;
  private int componentCount;
  private int scanCount;
  private int adobeTransform;
  private Orientation orientation = Orientation.NORMAL;

  private JpegHeader(byte[] image) {
    in = new ByteCursor(ImageFormat.JPEG, image);
  }

  static ImageHeader read(byte[] image) {
    var header = new JpegHeader(image);
    header.walk();
    header.in.require(header.width > 0, "no frame header");
    header.in.require(header.scanCount > 0, "no scan");
    ImageHeader.Detail detail =
        header.componentCount == 4
            ? new ImageHeader.Detail.Inks(header.adobeTransform == ADOBE_YCCK)
            : new ImageHeader.Detail.None();
    return new ImageHeader(
        ImageFormat.JPEG, header.width, header.height, header.orientation, detail);
  }

  private void walk() {
    in.skip(2);
    int marker = nextMarker();
    while (marker != 0xD9) {
      if (isStandalone(marker)) {
        marker = nextMarker();
        continue;
      }
      int length = in.u16be();
      in.require(length >= 2, "segment %02X of %d bytes".formatted(marker, length));
      segment(marker, in.sub(length - 2L));
      marker = marker == 0xDA ? endOfScan() : nextMarker();
    }
  }

  private void segment(int marker, ByteCursor body) {
    switch (marker) {
      case 0xC0, 0xC1, 0xC2 -> frame(body);
      case 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF ->
          throw body.unsupported(
              "coding process SOF" + (marker - 0xC0), "save it as baseline or progressive JPEG");
      case 0xDA -> {
        body.require(width > 0, "a scan before the frame header");
        scanCount++;
        body.require(scanCount <= SCAN_COUNT_MAX, "more than " + SCAN_COUNT_MAX + " scans");
      }
      case 0xE1 -> {
        if (body.accept("Exif\0\0")) {
          orientation = Exif.orientation(body);
        }
      }
      case 0xEE -> {
        if (body.accept("Adobe") && body.remaining() >= 7) {
          body.skip(6);
          adobeTransform = body.u8();
        }
      }
      default -> {}
    }
  }

  private void frame(ByteCursor body) {
    body.require(width == 0, "a second frame header");
    int precision = body.u8();
    if (precision != 8) {
      throw body.unsupported("precision of %d bits".formatted(precision), "save it with 8 bits");
    }
    height = body.u16be();
    width = body.u16be();
    body.require(width > 0 && height > 0, "a picture of %dx%d".formatted(width, height));
    componentCount = body.u8();
    body.require(
        componentCount == 1 || componentCount == 3 || componentCount == 4,
        "expected 1, 3 or 4 components, got " + componentCount);
    checkSampling(body);
  }

  private void checkSampling(ByteCursor body) {
    for (int i = 0; i < componentCount; i++) {
      body.skip(1);
      int sampling = body.u8();
      body.skip(1);
      int across = sampling >> 4;
      int down = sampling & 15;
      body.require(
          across >= 1 && across <= 4 && down >= 1 && down <= 4,
          "sampling factors %dx%d".formatted(across, down));
    }
  }

  private static boolean isStandalone(int marker) {
    return marker == 0x01 || marker >= 0xD0 && marker <= 0xD8;
  }

  /// Markers may be preceded by fill bytes FF.
  private int nextMarker() {
    in.require(in.u8() == 0xFF, "expected a marker");
    int marker = in.u8();
    while (marker == 0xFF) {
      marker = in.u8();
    }
    in.require(marker != 0, "expected a marker");
    return marker;
  }

  /// Skips coded data: there an FF is followed by 00 or a restart marker; all else ends the scan.
  private int endOfScan() {
    while (true) {
      if (in.u8() == 0xFF) {
        int next = in.u8();
        while (next == 0xFF) {
          next = in.u8();
        }
        if (next != 0 && (next < 0xD0 || next > 0xD7)) {
          return next;
        }
      }
    }
  }
}
