// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

/// GGUF tensor names of decoders.
final class TextNames {
  static final String TOKEN_EMBD = "token_embd.weight";
  static final String OUTPUT_NORM = "output_norm.weight";
  static final String OUTPUT = "output.weight";
  static final String OUTPUT_BIAS = "output.bias";
  static final String ROPE_FREQS = "rope_freqs.weight";
  static final String ROPE_FACTORS_LONG = "rope_factors_long.weight";
  static final String ROPE_FACTORS_SHORT = "rope_factors_short.weight";
  static final String ATTN_NORM = "attn_norm";
  static final String ATTN_Q = "attn_q";
  static final String ATTN_K = "attn_k";
  static final String ATTN_V = "attn_v";
  static final String ATTN_OUTPUT = "attn_output";
  static final String ATTN_QKV = "attn_qkv";
  static final String ATTN_Q_NORM = "attn_q_norm";
  static final String ATTN_K_NORM = "attn_k_norm";
  static final String POST_ATTENTION_NORM = "post_attention_norm";
  static final String POST_FFW_NORM = "post_ffw_norm";
  static final String FFN_NORM = "ffn_norm";
  static final String FFN_GATE = "ffn_gate";
  static final String FFN_UP = "ffn_up";
  static final String FFN_DOWN = "ffn_down";

  private TextNames() {}

  /// E.g. `blk.3.attn_q.weight`.
  static String weight(int block, String role) {
    return "blk.%d.%s.weight".formatted(block, role);
  }

  /// E.g. `blk.3.attn_q.bias`.
  static String bias(int block, String role) {
    return "blk.%d.%s.bias".formatted(block, role);
  }
}
