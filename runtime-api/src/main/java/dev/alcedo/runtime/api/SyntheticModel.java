// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

/// A model of random weights, to measure with: it computes as much as a trained one of its shape
/// and answers nonsense. Equal values give equal files.
public sealed interface SyntheticModel {
  /// `general.name` of the file.
  String name();

  /// Dtypes of the weights.
  WeightMix mix();

  /// Of the weights.
  long seed();

  /// A text model.
  record Text(String name, TextShape shape, WeightMix mix, long seed) implements SyntheticModel {}

  /// A vision tower with its projector.
  record Mmproj(String name, VisionShape shape, WeightMix mix, long seed)
      implements SyntheticModel {}

  /// The shape of a text model.
  ///
  /// @param architecture `llama` or `gemma3`
  /// @param contextLength positions that the metadata promises
  /// @param embeddingLength width of the residual stream
  /// @param blockCount transformer layers
  /// @param feedForwardLength width of the feed-forward part
  /// @param headCount query heads
  /// @param headCountKv key/value heads, a divisor of `headCount`
  /// @param headLength elements of a head, even
  /// @param vocabSize tokens, at least 1024
  /// @param ropeFreqBase base of the rotary positions
  /// @param isTied whether the output matrix is the embedding matrix, i.e. missing from the file
  record TextShape(
      String architecture,
      int contextLength,
      int embeddingLength,
      int blockCount,
      int feedForwardLength,
      int headCount,
      int headCountKv,
      int headLength,
      int vocabSize,
      float ropeFreqBase,
      boolean isTied) {
    /// Tokens that every synthetic vocabulary has room for.
    public static final int VOCAB_SIZE_MIN = 1024;

    private static final int LENGTH_MAX = 1 << 17;

    /// Checks ranges and what must divide what.
    ///
    /// @throws InvalidRequestException naming the number that is the matter
    public TextShape {
      if (!architecture.equals("llama") && !architecture.equals("gemma3")) {
        throw new InvalidRequestException(
            "architecture: expected llama or gemma3, got '%s'".formatted(architecture));
      }
      within("contextLength", contextLength, 1, 1 << 24);
      within("embeddingLength", embeddingLength, 2, LENGTH_MAX);
      within("blockCount", blockCount, 1, 512);
      within("feedForwardLength", feedForwardLength, 1, LENGTH_MAX);
      within("headCount", headCount, 1, 1024);
      within("headCountKv", headCountKv, 1, headCount);
      within("headLength", headLength, 2, 1024);
      within("vocabSize", vocabSize, VOCAB_SIZE_MIN, 1 << 19);
      divides("headCountKv", headCountKv, "headCount", headCount);
      divides("2", 2, "headLength", headLength);
      if (!(ropeFreqBase > 1)) {
        throw new InvalidRequestException(
            "ropeFreqBase: expected above 1, got %s".formatted(ropeFreqBase));
      }
    }
  }

  /// The shape of a vision tower and its projector. Image tokens are `embeddingLength` of the text
  /// model wide.
  ///
  /// @param projectorType `bluelmv`, `idefics3` or `gemma3`
  /// @param imageSize pixels of a tile's side
  /// @param patchSize pixels of a patch's side
  /// @param embeddingLength width of the tower
  /// @param blockCount its transformer layers
  /// @param feedForwardLength width of its feed-forward part
  /// @param headCount its heads, a divisor of `embeddingLength`
  /// @param scaleFactor patches along a side that become one image token
  /// @param projectionDim width of an image token
  record VisionShape(
      String projectorType,
      int imageSize,
      int patchSize,
      int embeddingLength,
      int blockCount,
      int feedForwardLength,
      int headCount,
      int scaleFactor,
      int projectionDim) {
    private static final int LENGTH_MAX = 1 << 16;

    /// Checks ranges and what must divide what.
    ///
    /// @throws InvalidRequestException naming the number that is the matter
    public VisionShape {
      if (!projectorType.equals("bluelmv")
          && !projectorType.equals("idefics3")
          && !projectorType.equals("gemma3")) {
        throw new InvalidRequestException(
            "projectorType: expected bluelmv, idefics3 or gemma3, got '%s'"
                .formatted(projectorType));
      }
      within("patchSize", patchSize, 1, 128);
      within("imageSize", imageSize, patchSize, 4096);
      within("embeddingLength", embeddingLength, 2, LENGTH_MAX);
      within("blockCount", blockCount, 1, 512);
      within("feedForwardLength", feedForwardLength, 1, LENGTH_MAX);
      within("headCount", headCount, 1, 1024);
      within("scaleFactor", scaleFactor, 1, 16);
      within("projectionDim", projectionDim, 2, 1 << 17);
      divides("headCount", headCount, "embeddingLength", embeddingLength);
      if (!projectorType.equals("bluelmv")) { // whose downsampler fills up with zeros
        divides("scaleFactor", scaleFactor, "imageSize / patchSize", imageSize / patchSize);
      }
    }

    /// Patches of a tile.
    public int patchCount() {
      int side = imageSize / patchSize;
      return side * side;
    }
  }

  private static void within(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new InvalidRequestException(
          "%s: expected %d to %d, got %d".formatted(name, min, max, value));
    }
  }

  private static void divides(String name, int value, String ofName, int of) {
    if (of % value != 0) {
      throw new InvalidRequestException(
          "%s: expected a divisor of %s %d, got %d".formatted(name, ofName, of, value));
    }
  }
}
