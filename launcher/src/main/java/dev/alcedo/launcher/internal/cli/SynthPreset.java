// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.SyntheticModel.TextShape;
import dev.alcedo.runtime.api.SyntheticModel.VisionShape;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Shapes of known models, as their published configurations say.
enum SynthPreset {
  /// TinyLlama-1.1B.
  TINYLLAMA_1_1B(
      "tinyllama-1.1b",
      new TextShape("llama", 2048, 2048, 22, 5632, 32, 4, 64, 32_000, 10_000, false),
      null),

  /// BlueLM-V-3B (arXiv 2411.10640) with SigLIP so400m at 384 pixels. Feed-forward and key/value
  /// widths are the most natural of those that fit its published parameter counts.
  BLUELM_V_3B(
      "bluelm-v-3b",
      new TextShape("llama", 4096, 2560, 32, 6912, 20, 4, 128, 100_096, 10_000, false),
      new VisionShape("bluelmv", 384, 14, 1152, 27, 4304, 16, 2, 2560)),

  /// SmolVLM-500M: SmolLM2-360M with SigLIP base at 512 pixels.
  SMOLVLM_500M(
      "smolvlm-500m",
      new TextShape("llama", 8192, 960, 32, 2560, 15, 5, 64, 49_280, 100_000, false),
      new VisionShape("idefics3", 512, 16, 768, 12, 3072, 12, 4, 960)),

  /// Gemma 3 4B with SigLIP so400m at 896 pixels.
  GEMMA3_4B(
      "gemma3-4b",
      new TextShape("gemma3", 131_072, 2560, 34, 10_240, 8, 4, 256, 262_144, 1_000_000, true),
      new VisionShape("gemma3", 896, 14, 1152, 27, 4304, 16, 4, 2560));

  private final String id;
  private final TextShape text;
  private final Optional<VisionShape> vision;

  SynthPreset(String id, TextShape text, @org.jspecify.annotations.Nullable VisionShape vision) {
    this.id = id;
    this.text = text;
    this.vision = Optional.ofNullable(vision);
  }

  /// The preset of that name.
  ///
  /// @throws InvalidRequestException if there is none; lists those known
  static SynthPreset ofId(String id) {
    return Arrays.stream(values())
        .filter(preset -> preset.id.equals(id))
        .findFirst()
        .orElseThrow(() ->
            new InvalidRequestException(
                "--preset: expected one of %s, got '%s'".formatted(ids(), id)));
  }

  /// All names, for people.
  static String ids() {
    return Arrays.stream(values()).map(preset -> preset.id).collect(Collectors.joining(", "));
  }

  /// What `general.name` says.
  String id() {
    return id;
  }

  /// The text model's shape with some of its numbers changed.
  ///
  /// @throws InvalidRequestException if a number is out of range or not one of a text model
  TextShape text(Map<String, String> changes) {
    var edit = new ShapeEdit("--shape", changes);
    var shape =
        new TextShape(
            edit.word("architecture", text.architecture()),
            edit.integer("contextLength", text.contextLength()),
            edit.integer("embeddingLength", text.embeddingLength()),
            edit.integer("blockCount", text.blockCount()),
            edit.integer("feedForwardLength", text.feedForwardLength()),
            edit.integer("headCount", text.headCount()),
            edit.integer("headCountKv", text.headCountKv()),
            edit.integer("headLength", text.headLength()),
            edit.integer("vocabSize", text.vocabSize()),
            edit.number("ropeFreqBase", text.ropeFreqBase()),
            edit.flag("isTied", text.isTied()));
    edit.requireAllUsed();
    return shape;
  }

  /// The vision tower's shape with some of its numbers changed.
  ///
  /// @param outputLength width of an image token
  /// @throws InvalidRequestException if the preset has no tower, a number is out of range or not
  ///   one of a tower
  VisionShape vision(Map<String, String> changes, int outputLength) {
    VisionShape base =
        vision.orElseThrow(() ->
            new InvalidRequestException(
                "--mmproj: preset %s is a text model without a vision tower".formatted(id)));
    var edit = new ShapeEdit("--mmproj-shape", changes);
    var shape =
        new VisionShape(
            edit.word("projectorType", base.projectorType()),
            edit.integer("imageSize", base.imageSize()),
            edit.integer("patchSize", base.patchSize()),
            edit.integer("embeddingLength", base.embeddingLength()),
            edit.integer("blockCount", base.blockCount()),
            edit.integer("feedForwardLength", base.feedForwardLength()),
            edit.integer("headCount", base.headCount()),
            edit.integer("scaleFactor", base.scaleFactor()),
            outputLength);
    edit.requireAllUsed();
    return shape;
  }
}
