// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tower;

import java.util.List;

/// What the tensors of a vision tower do not say and its keys leave to the family.
///
/// @param norm what stands before attention and feed-forward part, and at the ends
/// @param classRow where a class token stands, in towers that have one (`v.class_embd`)
/// @param needsPostNorm whether a norm after the last block must be there; else it is where the
///   file has one
/// @param mayBeSwapped whether files exist whose `ffn_up` and `ffn_down` have each other's names:
///   those that LLaVA's first converter made, and all that share its code
/// @param featureLayers whose outputs are the features, ascending: `n` is what leaves the `n`-th
///   block, 0 what enters the first. Several are joined column by column (Granite Vision). Empty:
///   the last block's
public record TowerStyle(
    Norm norm,
    ClassRow classRow,
    boolean needsPostNorm,
    boolean mayBeSwapped,
    List<Integer> featureLayers) {
  /// SigLIP, in files of any age.
  public static final TowerStyle SIGLIP =
      new TowerStyle(Norm.LAYER, ClassRow.FIRST, true, true, List.of());

  /// Copies the list.
  public TowerStyle {
    featureLayers = List.copyOf(featureLayers);
  }

  /// How rows are normalised.
  public enum Norm {
    /// Mean 0 and variance 1, then weight and bias.
    LAYER,
    /// Root mean square 1, then weight.
    RMS
  }

  /// Where a class token stands among the patches. Attention does not care, but the rows of the
  /// position embedding are given out in this order.
  public enum ClassRow {
    /// Before them, as in CLIP.
    FIRST,
    /// After them.
    LAST,
    /// After them, yet all rows but the first are the features: the class token's among them, the
    /// first patch's not. So llama.cpp runs LLaVA's CLIP, see ADR 10.
    LAST_SHIFTED
  }
}
