// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.quantise;

/// What a weight does, as far as its type depends on it.
public enum TensorRole {
  /// Scores the vocabulary: `output.weight`, or the embedding table where there is none.
  OUTPUT,
  /// Makes values of attention, alone or fused with queries and keys.
  VALUE,
  /// Ends a feed-forward network.
  FFN_DOWN,
  /// Ends attention.
  ATTN_OUTPUT,
  /// All else.
  OTHER;

  /// The role of the tensor called `name`.
  ///
  /// @param isTied whether the model has no `output.weight`
  public static TensorRole of(String name, boolean isTied) {
    if (name.equals("output.weight") || isTied && isEmbedding(name)) {
      return OUTPUT;
    }
    if (name.contains("attn_v.weight")
        || name.contains("attn_qkv.weight")
        || name.contains("attn_kv_b.weight")) {
      return VALUE;
    }
    if (name.contains("ffn_down")) {
      return FFN_DOWN;
    }
    return name.contains("attn_output.weight") ? ATTN_OUTPUT : OTHER;
  }

  private static boolean isEmbedding(String name) {
    return name.equals("token_embd.weight") || name.equals("per_layer_token_embd.weight");
  }
}
