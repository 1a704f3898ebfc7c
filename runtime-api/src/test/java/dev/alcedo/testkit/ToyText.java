// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import dev.alcedo.runtime.api.tensor.DType;
import java.nio.file.Path;

/// A random-weight text model of architecture `llama` with a [ToyVocabulary]. Widths are multiples
/// of 32, so that every matrix can be quantised.
///
/// @param matrices dtype of all matrices: F32, F16, BF16, Q8_0 or Q4_0; vectors are F32
/// @param embeddingLength width of the residual stream
/// @param blockCount transformer layers
/// @param headCount query heads
/// @param headCountKv key/value heads, a divisor of `headCount`
/// @param headSize elements of a head, even
/// @param feedForwardLength width of the feed-forward part
/// @param contextLength positions that the metadata promises
/// @param isTied whether the output matrix is the embedding matrix, i.e. missing from the file
/// @param seed of the weights
public record ToyText(
    DType matrices,
    int embeddingLength,
    int blockCount,
    int headCount,
    int headCountKv,
    int headSize,
    int feedForwardLength,
    int contextLength,
    boolean isTied,
    long seed) {

  /// Two blocks, width 64, four heads over two key/value heads: about 150,000 weights.
  public static ToyText small(DType matrices) {
    return new ToyText(matrices, 64, 2, 4, 2, 16, 128, 512, false, 1);
  }

  /// The same with other weights.
  public ToyText withSeed(long otherSeed) {
    return new ToyText(
        matrices,
        embeddingLength,
        blockCount,
        headCount,
        headCountKv,
        headSize,
        feedForwardLength,
        contextLength,
        isTied,
        otherSeed);
  }

  /// The vocabulary of every toy text model.
  public static ToyVocabulary vocabulary() {
    return ToyVocabulary.ofMultiple(32);
  }

  /// The model as a file in memory, to which keys and tensors may still be added.
  public TestGguf gguf() {
    var gguf = new TestGguf();
    ToyVocabulary vocabulary = vocabulary();
    metadata(gguf, vocabulary.size());
    vocabulary.addTo(gguf);
    tensors(new ToyWeights(gguf, matrices, Seeds.random("toy text " + seed)), vocabulary.size());
    return gguf;
  }

  /// Writes the model to `file` and returns `file`.
  public Path writeTo(Path file) {
    return gguf().write().writeTo(file);
  }

  private void metadata(TestGguf gguf, int vocabularySize) {
    gguf.string("general.architecture", "llama")
        .string("general.name", "toy-text")
        .u32("llama.context_length", contextLength)
        .u32("llama.embedding_length", embeddingLength)
        .u32("llama.block_count", blockCount)
        .u32("llama.feed_forward_length", feedForwardLength)
        .u32("llama.attention.head_count", headCount)
        .u32("llama.attention.head_count_kv", headCountKv)
        .u32("llama.attention.key_length", headSize)
        .u32("llama.attention.value_length", headSize)
        .f32("llama.attention.layer_norm_rms_epsilon", 1e-5f)
        .f32("llama.rope.freq_base", 10000)
        .u32("llama.rope.dimension_count", headSize)
        .u32("llama.vocab_size", vocabularySize);
  }

  private void tensors(ToyWeights weights, int vocabularySize) {
    int width = embeddingLength;
    weights.matrix("token_embd.weight", vocabularySize, width, isTied ? 2 : Math.sqrt(width));
    for (int i = 0; i < blockCount; i++) {
      block(weights, "blk.%d.".formatted(i));
    }
    weights.vector("output_norm.weight", width, 1);
    if (!isTied) {
      weights.matrix("output.weight", vocabularySize, width, 5);
    }
  }

  private void block(ToyWeights weights, String prefix) {
    int width = embeddingLength;
    weights.vector(prefix + "attn_norm.weight", width, 1);
    weights.matrix(prefix + "attn_q.weight", headCount * headSize, width, 1.5);
    weights.matrix(prefix + "attn_k.weight", headCountKv * headSize, width, 1.5);
    weights.matrix(prefix + "attn_v.weight", headCountKv * headSize, width, 0.8);
    weights.matrix(prefix + "attn_output.weight", width, headCount * headSize, 0.8);
    weights.vector(prefix + "ffn_norm.weight", width, 1);
    weights.matrix(prefix + "ffn_gate.weight", feedForwardLength, width, 0.8);
    weights.matrix(prefix + "ffn_up.weight", feedForwardLength, width, 0.8);
    weights.matrix(prefix + "ffn_down.weight", width, feedForwardLength, 0.8);
  }
}
