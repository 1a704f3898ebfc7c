// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.synth;

import dev.alcedo.runtime.api.SyntheticModel;
import dev.alcedo.runtime.api.SyntheticModel.TextShape;
import dev.alcedo.runtime.api.internal.gguf.GgufWriter;
import dev.alcedo.runtime.api.internal.quantise.MixRules;
import dev.alcedo.runtime.api.internal.quantise.TensorRole;
import dev.alcedo.runtime.api.tensor.DType;

/// Keys and tensors of a text model, as llama.cpp's converter names them.
///
/// @param model what is wanted
/// @param shape its shape
/// @param rules which dtype each matrix gets
record TextFile(SyntheticModel.Text model, TextShape shape, MixRules rules) {
  private static final String GEMMA = "gemma3";
  private static final int GEMMA_SLIDING_WINDOW = 1024;

  static TextFile of(SyntheticModel.Text model) {
    TextShape shape = model.shape();
    var rules =
        new MixRules(
            model.mix(),
            shape.blockCount(),
            shape.blockCount(),
            shape.headCount() / shape.headCountKv());
    return new TextFile(model, shape, rules);
  }

  void addMetadata(GgufWriter file) {
    String prefix = shape.architecture() + ".";
    file.string("general.architecture", shape.architecture())
        .string("general.name", model.name())
        .u32("general.file_type", model.mix().type().fileType())
        .u32(prefix + "context_length", shape.contextLength())
        .u32(prefix + "embedding_length", shape.embeddingLength())
        .u32(prefix + "block_count", shape.blockCount())
        .u32(prefix + "feed_forward_length", shape.feedForwardLength())
        .u32(prefix + "attention.head_count", shape.headCount())
        .u32(prefix + "attention.head_count_kv", shape.headCountKv())
        .u32(prefix + "attention.key_length", shape.headLength())
        .u32(prefix + "attention.value_length", shape.headLength())
        .f32(prefix + "attention.layer_norm_rms_epsilon", isGemma() ? 1e-6f : 1e-5f)
        .f32(prefix + "rope.freq_base", shape.ropeFreqBase())
        .u32(prefix + "vocab_size", shape.vocabSize());
    if (isGemma()) {
      file.u32(prefix + "attention.sliding_window", GEMMA_SLIDING_WINDOW);
    } else {
      file.u32(prefix + "rope.dimension_count", shape.headLength());
    }
    new SyntheticVocabulary(shape.vocabSize()).addTo(file);
  }

  void addTensors(RandomWeights weights) {
    int width = shape.embeddingLength();
    // Gemma multiplies token embeddings by the root of their width; others have them as they are.
    double embeddingGain = isGemma() ? 1 : shape.isTied() ? 2 : Math.sqrt(width);
    weights.matrix(
        "token_embd.weight",
        dtype("token_embd.weight", 0, width),
        shape.vocabSize(),
        width,
        embeddingGain);
    for (int i = 0; i < shape.blockCount(); i++) {
      addBlock(weights, i);
    }
    weights.vector("output_norm.weight", width, 1);
    if (!shape.isTied()) {
      weights.matrix(
          "output.weight", dtype("output.weight", 0, width), shape.vocabSize(), width, 5);
    }
  }

  private void addBlock(RandomWeights weights, int block) {
    int width = shape.embeddingLength();
    int queries = shape.headCount() * shape.headLength();
    int keys = shape.headCountKv() * shape.headLength();
    addNorm(weights, block, "attn_norm", width);
    addMatrix(weights, block, "attn_q", queries, width, 1.5);
    addMatrix(weights, block, "attn_k", keys, width, 1.5);
    addMatrix(weights, block, "attn_v", keys, width, 0.8);
    addMatrix(weights, block, "attn_output", width, queries, 0.8);
    addNorm(weights, block, "ffn_norm", width);
    addMatrix(weights, block, "ffn_gate", shape.feedForwardLength(), width, 0.8);
    addMatrix(weights, block, "ffn_up", shape.feedForwardLength(), width, 0.8);
    addMatrix(weights, block, "ffn_down", width, shape.feedForwardLength(), 0.8);
    if (isGemma()) {
      addNorm(weights, block, "attn_q_norm", shape.headLength());
      addNorm(weights, block, "attn_k_norm", shape.headLength());
      addNorm(weights, block, "post_attention_norm", width);
      addNorm(weights, block, "post_ffw_norm", width);
    }
  }

  private void addMatrix(
      RandomWeights weights, int block, String role, int rows, int cols, double gain) {
    String name = name(block, role);
    weights.matrix(name, dtype(name, block, cols), rows, cols, gain);
  }

  DType dtype(String name, int block, int cols) {
    TensorRole role = TensorRole.of(name, shape.isTied());
    return MixRules.fitting(rules.meant(role, block, cols), cols);
  }

  private static void addNorm(RandomWeights weights, int block, String role, int length) {
    weights.vector(name(block, role), length, 1);
  }

  private static String name(int block, String role) {
    return "blk.%d.%s.weight".formatted(block, role);
  }

  private boolean isGemma() {
    return shape.architecture().equals(GEMMA);
  }
}
