// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.quantise;

import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import java.util.List;

/// Which tensors may get another type, as in llama.cpp (`tensor_allows_quantization`).
final class TensorRules {
  /// Small, or needed with all their digits: norms, positions, patches, convolutions, routers.
  private static final List<String> KEPT =
      List.of(
          "_norm.weight",
          ".position_embd",
          ".patch_embd",
          ".patch_merger",
          "ffn_gate_inp.weight",
          "ffn_gate_tid2eid.weight",
          "altup",
          "laurel",
          "per_layer_model_proj",
          "ssm_conv1d",
          "shortconv.conv.weight",
          "indexer.k_proj.weight",
          "indexer.q_proj.weight",
          "time_mix_first.weight",
          "time_mix_w0.weight",
          "time_mix_w1.weight",
          "time_mix_w2.weight",
          "time_mix_v0.weight",
          "time_mix_v1.weight",
          "time_mix_v2.weight",
          "time_mix_a0.weight",
          "time_mix_a1.weight",
          "time_mix_a2.weight",
          "time_mix_g1.weight",
          "time_mix_g2.weight",
          "time_mix_decay_w1.weight",
          "time_mix_decay_w2.weight",
          "time_mix_lerp_fused.weight",
          "attn_rel_b.weight",
          "sam.pos_embd",
          "sam.neck.",
          "sam.net_",
          ".rel_pos",
          "a.rvq.codebook",
          "mm.a.code_embd");

  /// The last is Gemma 3's projection, which is stored the other way round: it is transposed before
  /// use, which quant blocks do not survive. (llama-quantize quantises it, and llama.cpp then reads
  /// beyond its memory.)
  private static final List<String> KEPT_NAMES =
      List.of("position_embd.weight", "token_types.weight", "mm.input_projection.weight");

  private TensorRules() {}

  /// Whether the tensor may get another type: a matrix called `...weight` that is none of those
  /// kept.
  static boolean allows(String name, DType dtype, Shape shape) {
    return shape.rank() >= 2
        && shape.elementCount() > shape.cols()
        && isWeight(dtype)
        && name.endsWith("weight")
        && KEPT.stream().noneMatch(name::contains)
        && !KEPT_NAMES.contains(name);
  }

  private static boolean isWeight(DType dtype) {
    return switch (dtype) {
      case I8, I16, I32, I64, F64 -> false;
      default -> true;
    };
  }
}
