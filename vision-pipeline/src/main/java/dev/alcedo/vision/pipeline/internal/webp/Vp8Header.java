// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.webp;

import java.io.IOException;

/// The header of a VP8 key frame (RFC 6386, section 9): size, segments, filter, steps and
/// probabilities. Reading it leaves the first partition at the first macroblock.
final class Vp8Header {
  static final int SEGMENT_COUNT = 4;
  private static final int TAG_BYTES = 10;

  final int width;
  final int height;
  final BoolDecoder modes;
  final BoolDecoder[] tokens;
  final int[] segmentProbabilities = {255, 255, 255};
  final int[] coefficients = Vp8Tables.COEFFICIENT.clone();

  /// `[segment][y1 dc, y1 ac, y2 dc, y2 ac, uv dc, uv ac]`.
  final int[][] steps = new int[SEGMENT_COUNT][];

  /// `[segment][0 whole prediction, 1 4x4 prediction]`.
  final int[][] filterLevels = new int[SEGMENT_COUNT][2];

  boolean hasSegmentMap;
  boolean isFilterSimple;
  int sharpness;

  /// Probability that a macroblock has coefficients, or -1 if all may have.
  int skipProbability = -1;

  private boolean hasSegments;
  private boolean isSegmentAbsolute;
  private final int[] segmentQuantisers = new int[SEGMENT_COUNT];
  private final int[] segmentLevels = new int[SEGMENT_COUNT];

  Vp8Header(byte[] bytes, int offset, int length) throws IOException {
    if (length < TAG_BYTES) {
      throw new IOException("VP8 frame of %d bytes".formatted(length));
    }
    int tag = little(bytes, offset, 3);
    width = little(bytes, offset + 6, 2) & 0x3FFF;
    height = little(bytes, offset + 8, 2) & 0x3FFF;
    int start = offset + TAG_BYTES;
    int tokenStart = start + (tag >> 5);
    modes = new BoolDecoder(bytes, start, tokenStart);
    modes.bits(2); // colour space and clamping: libwebp ignores both
    segments();
    isFilterSimple = modes.flag();
    int level = modes.bits(6);
    sharpness = modes.bits(3);
    filterLevels(level);
    tokens = partitions(bytes, tokenStart, offset + length, 1 << modes.bits(2));
    steps();
    modes.flag(); // whether probabilities are kept for the next frame
    for (int i = 0; i < coefficients.length; i++) {
      if (modes.bit(Vp8Tables.COEFFICIENT_UPDATE[i])) {
        coefficients[i] = modes.bits(8);
      }
    }
    if (modes.flag()) {
      skipProbability = modes.bits(8);
    }
  }

  private void segments() {
    hasSegments = modes.flag();
    if (!hasSegments) {
      return;
    }
    hasSegmentMap = modes.flag();
    if (modes.flag()) {
      isSegmentAbsolute = modes.flag();
      for (int i = 0; i < SEGMENT_COUNT; i++) {
        segmentQuantisers[i] = modes.optionalSigned(7);
      }
      for (int i = 0; i < SEGMENT_COUNT; i++) {
        segmentLevels[i] = modes.optionalSigned(6);
      }
    }
    if (hasSegmentMap) {
      for (int i = 0; i < segmentProbabilities.length; i++) {
        segmentProbabilities[i] = modes.flag() ? modes.bits(8) : 255;
      }
    }
  }

  /// Section 9.6: the frame's level, changed by segment, by reference frame (the first: intra) and
  /// by prediction mode (the first: 4x4). Level 0 of the frame turns the filter off.
  private void filterLevels(int level) {
    int intraDelta = 0;
    int smallDelta = 0;
    if (modes.flag() && modes.flag()) {
      for (int i = 0; i < 8; i++) {
        int delta = modes.optionalSigned(6);
        intraDelta = i == 0 ? delta : intraDelta;
        smallDelta = i == 4 ? delta : smallDelta;
      }
    }
    for (int i = 0; i < SEGMENT_COUNT && level > 0; i++) {
      int base = segmentValue(level, segmentLevels[i]);
      filterLevels[i][0] = Math.clamp(base + intraDelta, 0, 63);
      filterLevels[i][1] = Math.clamp(base + intraDelta + smallDelta, 0, 63);
    }
  }

  private int segmentValue(int frame, int segment) {
    if (!hasSegments) {
      return frame;
    }
    return isSegmentAbsolute ? segment : frame + segment;
  }

  /// Sizes of all but the last partition, three bytes each, then the partitions.
  private static BoolDecoder[] partitions(byte[] bytes, int start, int end, int count)
      throws IOException {
    var decoders = new BoolDecoder[count];
    int offset = start + 3 * (count - 1);
    if (offset > end) {
      throw new IOException("the partitions lie outside the frame");
    }
    for (int i = 0; i < count; i++) {
      int length = i == count - 1 ? end - offset : little(bytes, start + 3 * i, 3);
      if (length > end - offset) {
        throw new IOException("a partition lies outside the frame");
      }
      decoders[i] = new BoolDecoder(bytes, offset, offset + length);
      offset += length;
    }
    return decoders;
  }

  private void steps() {
    int base = modes.bits(7);
    int y1Dc = modes.optionalSigned(4);
    int y2Dc = modes.optionalSigned(4);
    int y2Ac = modes.optionalSigned(4);
    int uvDc = modes.optionalSigned(4);
    int uvAc = modes.optionalSigned(4);
    for (int i = 0; i < SEGMENT_COUNT; i++) {
      int q = segmentValue(base, segmentQuantisers[i]);
      steps[i] =
          new int[] {
            step(Vp8Tables.DC_STEP, q + y1Dc, 127),
            step(Vp8Tables.AC_STEP, q, 127),
            step(Vp8Tables.DC_STEP, q + y2Dc, 127) * 2,
            Math.max(8, step(Vp8Tables.AC_STEP, q + y2Ac, 127) * 155 / 100),
            step(Vp8Tables.DC_STEP, q + uvDc, 117),
            step(Vp8Tables.AC_STEP, q + uvAc, 127)
          };
    }
  }

  private static int step(int[] table, int index, int indexMax) {
    return table[Math.clamp(index, 0, indexMax)];
  }

  private static int little(byte[] bytes, int offset, int count) throws IOException {
    if (offset + count > bytes.length) {
      throw new IOException("the frame ends early");
    }
    int value = 0;
    for (int i = 0; i < count; i++) {
      value |= (bytes[offset + i] & 255) << 8 * i;
    }
    return value;
  }
}
