// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.webp;

import java.io.IOException;
import java.util.Arrays;

/// Decodes a VP8 key frame macroblock by macroblock, then filters it. Used by one thread, once.
final class Vp8Frame {
  private final Vp8Header header;
  private final Vp8Coefficients coefficients;
  private final int cols;
  private final int rows;
  private final Vp8Plane luma;
  private final Vp8Plane u;
  private final Vp8Plane v;

  /// Filter level of each macroblock, and whether its inner edges are filtered.
  private final byte[] levels;

  private final boolean[] isInnerFiltered;

  /// 4x4 modes above (four a macroblock) and to the left.
  private final int[] modesAbove;

  private final int[] modesLeft = new int[4];

  /// Whether blocks above (4 luma, 2 u, 2 v, 1 y2 a macroblock) and to the left have coefficients.
  private final int[] codedAbove;

  private final int[] codedLeft = new int[9];

  private final int[] blocks = new int[25 * 16];
  private final int[] modes = new int[16];

  private Vp8Frame(Vp8Header header) {
    this.header = header;
    coefficients = new Vp8Coefficients(header.coefficients);
    cols = (header.width + 15) / 16;
    rows = (header.height + 15) / 16;
    luma = new Vp8Plane(cols * 16, rows * 16);
    u = new Vp8Plane(cols * 8, rows * 8);
    v = new Vp8Plane(cols * 8, rows * 8);
    levels = new byte[cols * rows];
    isInnerFiltered = new boolean[cols * rows];
    modesAbove = new int[cols * 4];
    codedAbove = new int[cols * 9];
  }

  /// Writes the frame at `offset` of `bytes` as RGB.
  ///
  /// @throws IOException if it is broken or has another size
  static void toRgb(byte[] bytes, int offset, int length, int width, int height, byte[] rgb)
      throws IOException {
    var header = new Vp8Header(bytes, offset, length);
    if (header.width != width || header.height != height) {
      throw new IOException("the frame is %dx%d".formatted(header.width, header.height));
    }
    var frame = new Vp8Frame(header);
    frame.decode();
    frame.filter();
    new VideoRange(frame.luma, frame.u, frame.v, width, height).toRgb(rgb);
  }

  private void decode() {
    for (int row = 0; row < rows; row++) {
      BoolDecoder tokens = header.tokens[row % header.tokens.length];
      Arrays.fill(modesLeft, Vp8Prediction.DC);
      Arrays.fill(codedLeft, 0);
      for (int col = 0; col < cols; col++) {
        macroblock(tokens, col, row);
      }
    }
  }

  private void macroblock(BoolDecoder tokens, int col, int row) {
    BoolDecoder in = header.modes;
    int segment = 0;
    if (header.hasSegmentMap) {
      int[] p = header.segmentProbabilities;
      segment = in.bit(p[0]) ? 2 + in.one(p[2]) : in.one(p[1]);
    }
    boolean isSkipped = header.skipProbability >= 0 && in.bit(header.skipProbability);
    boolean isWhole = in.bit(145);
    int mode = isWhole ? wholeMode(in, col) : smallModes(in, col);
    int chromaMode = chromaMode(in);
    Arrays.fill(blocks, 0);
    boolean isCoded = false;
    if (isSkipped) {
      clearCoded(col, isWhole);
    } else {
      isCoded = readBlocks(tokens, col, isWhole, header.steps[segment]);
    }
    predictLuma(col, row, isWhole, mode);
    predictChroma(u, col, row, chromaMode, 16);
    predictChroma(v, col, row, chromaMode, 20);
    levels[row * cols + col] = (byte) header.filterLevels[segment][isWhole ? 0 : 1];
    isInnerFiltered[row * cols + col] = isCoded || !isWhole;
  }

  private int wholeMode(BoolDecoder in, int col) {
    int mode;
    if (in.bit(156)) {
      mode = in.flag() ? Vp8Prediction.TM : Vp8Prediction.HE;
    } else {
      mode = in.bit(163) ? Vp8Prediction.VE : Vp8Prediction.DC;
    }
    Arrays.fill(modesAbove, col * 4, col * 4 + 4, mode);
    Arrays.fill(modesLeft, mode);
    return mode;
  }

  private int smallModes(BoolDecoder in, int col) {
    for (int y = 0; y < 4; y++) {
      int left = modesLeft[y];
      for (int x = 0; x < 4; x++) {
        left = smallMode(in, (modesAbove[col * 4 + x] * 10 + left) * 9);
        modesAbove[col * 4 + x] = left;
        modes[y * 4 + x] = left;
      }
      modesLeft[y] = left;
    }
    return Vp8Prediction.DC;
  }

  private static int smallMode(BoolDecoder in, int p) {
    int[] mode = Vp8Tables.MODE;
    if (!in.bit(mode[p])) {
      return Vp8Prediction.DC;
    }
    if (!in.bit(mode[p + 1])) {
      return Vp8Prediction.TM;
    }
    if (!in.bit(mode[p + 2])) {
      return Vp8Prediction.VE;
    }
    if (!in.bit(mode[p + 3])) {
      if (!in.bit(mode[p + 4])) {
        return Vp8Prediction.HE;
      }
      return in.bit(mode[p + 5]) ? Vp8Prediction.VR : Vp8Prediction.RD;
    }
    if (!in.bit(mode[p + 6])) {
      return Vp8Prediction.LD;
    }
    if (!in.bit(mode[p + 7])) {
      return Vp8Prediction.VL;
    }
    return in.bit(mode[p + 8]) ? Vp8Prediction.HU : Vp8Prediction.HD;
  }

  private static int chromaMode(BoolDecoder in) {
    if (!in.bit(142)) {
      return Vp8Prediction.DC;
    }
    if (!in.bit(114)) {
      return Vp8Prediction.VE;
    }
    return in.bit(183) ? Vp8Prediction.TM : Vp8Prediction.HE;
  }

  /// Without coefficients; a macroblock of 4x4 modes has no Y2 and leaves its neighbours' alone.
  private void clearCoded(int col, boolean isWhole) {
    int count = isWhole ? 9 : 8;
    Arrays.fill(codedAbove, col * 9, col * 9 + count, 0);
    Arrays.fill(codedLeft, 0, count, 0);
  }

  private boolean readBlocks(BoolDecoder tokens, int col, boolean isWhole, int[] steps) {
    boolean isCoded = false;
    int type = Vp8Coefficients.Y;
    if (isWhole) {
      isCoded = block(tokens, Vp8Coefficients.Y2, col, 8, 8, 0, steps, 2, 24);
      var y2 = Arrays.copyOfRange(blocks, 24 * 16, 25 * 16);
      Vp8Transforms.walshHadamard(y2, blocks);
      type = Vp8Coefficients.Y_AFTER_Y2;
    }
    for (int i = 0; i < 16; i++) {
      isCoded |= block(tokens, type, col, i % 4, i / 4, isWhole ? 1 : 0, steps, 0, i);
    }
    for (int i = 0; i < 8; i++) {
      int plane = 4 + i / 4 * 2;
      isCoded |=
          block(
              tokens,
              Vp8Coefficients.CHROMA,
              col,
              plane + i % 2,
              plane + i / 2 % 2,
              0,
              steps,
              4,
              16 + i);
    }
    return isCoded;
  }

  /// Reads block `index`, whose neighbours above and to the left are counted at the given places.
  private boolean block(
      BoolDecoder tokens,
      int type,
      int col,
      int above,
      int left,
      int first,
      int[] steps,
      int step,
      int index) {
    int context = codedAbove[col * 9 + above] + codedLeft[left];
    boolean isCoded =
        coefficients.read(
            tokens, type, context, first, steps[step], steps[step + 1], blocks, index * 16);
    codedAbove[col * 9 + above] = isCoded ? 1 : 0;
    codedLeft[left] = isCoded ? 1 : 0;
    return isCoded;
  }

  private void predictLuma(int col, int row, boolean isWhole, int mode) {
    int x0 = col * 16;
    int y0 = row * 16;
    if (isWhole) {
      Vp8Prediction.whole(luma, mode, x0, y0, 16);
    }
    var edge = new int[13];
    for (int i = 0; i < 16; i++) {
      int x = x0 + i % 4 * 4;
      int y = y0 + i / 4 * 4;
      int at = luma.at(x, y);
      if (!isWhole) {
        edge(edge, x, y, i, col, y0);
        Vp8Prediction.small(luma.samples, luma.stride, at, modes[i], edge);
      }
      Vp8Transforms.addCosine(blocks, i * 16, luma.samples, at, luma.stride);
    }
  }

  /// The pixels around a 4x4 block. Those above and to the right of the blocks in the last column
  /// come from the macroblock above and to the right, whatever the row; at the picture's right side
  /// the last one above is repeated.
  private void edge(int[] edge, int x, int y, int index, int col, int y0) {
    for (int i = 0; i < 4; i++) {
      edge[i] = luma.sample(x - 1, y + 3 - i);
      edge[5 + i] = luma.sample(x + i, y - 1);
    }
    edge[4] = luma.sample(x - 1, y - 1);
    boolean isLast = index % 4 == 3;
    boolean isAtSide = isLast && col == cols - 1 && y0 > 0;
    for (int i = 0; i < 4; i++) {
      edge[9 + i] = luma.sample(isAtSide ? x + 3 : x + 4 + i, isLast ? y0 - 1 : y - 1);
    }
  }

  private void predictChroma(Vp8Plane plane, int col, int row, int mode, int firstBlock) {
    Vp8Prediction.whole(plane, mode, col * 8, row * 8, 8);
    for (int i = 0; i < 4; i++) {
      int at = plane.at(col * 8 + i % 2 * 4, row * 8 + i / 2 * 4);
      Vp8Transforms.addCosine(blocks, (firstBlock + i) * 16, plane.samples, at, plane.stride);
    }
  }

  private void filter() {
    for (int row = 0; row < rows; row++) {
      for (int col = 0; col < cols; col++) {
        int level = levels[row * cols + col];
        if (level > 0) {
          var filter = new Vp8Filter(level, header.sharpness);
          boolean isInner = isInnerFiltered[row * cols + col];
          if (header.isFilterSimple) {
            filter.simple(luma, col, row, isInner);
          } else {
            filter.normal(luma, col, row, 16, isInner);
            filter.normal(u, col, row, 8, isInner);
            filter.normal(v, col, row, 8, isInner);
          }
        }
      }
    }
  }
}
