// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.ModelContents;
import dev.alcedo.runtime.api.ModelContents.Part;
import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.internal.family.TextConfig;
import dev.alcedo.runtime.api.internal.family.TextFamilies;
import dev.alcedo.runtime.api.internal.gguf.GgufFile;
import dev.alcedo.runtime.api.internal.plan.Providers;
import dev.alcedo.runtime.api.internal.template.ChatTemplates;
import dev.alcedo.runtime.api.spi.EncoderProvider;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.runtime.api.spi.Tokenizer;
import dev.alcedo.runtime.api.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Tells what is in a model file and what of it we can use, each part by itself: a file whose
/// family is not known still shows its tokenizer. Used once, by one thread.
final class FileReport {
  private static final String ENCODER_ARCHITECTURE = "clip";

  private final Providers providers;
  private final List<Part> parts = new ArrayList<>();

  FileReport(Providers providers) {
    this.providers = providers;
  }

  /// Reads the file.
  ///
  /// @throws dev.alcedo.runtime.api.VlmException if there is none, or not even its metadata can be
  ///   read
  ModelContents read(Path path) {
    try (GgufFile file = GgufFile.open(path)) {
      List<ModelContents.Tensor> tensors =
          file.tensors().entrySet().stream()
              .map(e ->
                  new ModelContents.Tensor(
                      e.getKey(),
                      e.getValue().dtype(),
                      e.getValue().shape(),
                      e.getValue().byteSize()))
              .toList();
      report(file.metadata(), () -> family(file));
      return new ModelContents(file.fileBytes(), file.metadata(), tensors, parts);
    } catch (UnsupportedModelException e) {
      Metadata metadata = GgufFile.readMetadata(path);
      parts.add(new Part("tensors", String.valueOf(e.getMessage()), false));
      report(metadata, () -> TextFamilies.config(metadata, 0));
      return new ModelContents(path.toFile().length(), metadata, List.of(), parts);
    }
  }

  private void report(Metadata metadata, Supplier<TextConfig> family) {
    if (metadata.string("general.architecture", "").equals(ENCODER_ARCHITECTURE)) {
      projector(metadata);
      tower(metadata);
      return;
    }
    part("family", () -> describe(family.get()));
    Tokenizer tokenizer = tokenizer(metadata);
    if (tokenizer != null) {
      part("template", () -> ChatTemplates.of(tokenizer).describe());
    }
  }

  private static TextConfig family(ModelFile file) {
    return TextFamilies.read(file, 0).config();
  }

  // The family's numbers are several parts, which come or fail together.
  private String describe(TextConfig config) {
    part("context", () -> "trained for %d positions".formatted(config.contextLength()));
    part(
        "kv cache",
        () ->
            "%d bytes a position (f16)%s"
                .formatted(
                    config.kvLayout(DType.F16).bytesPerPosition(),
                    config.headLength() % DType.Q8_0.blockLength() == 0
                        ? ", %d (q8_0)".formatted(config.kvLayout(DType.Q8_0).bytesPerPosition())
                        : ""));
    return config.describe();
  }

  private @Nullable Tokenizer tokenizer(Metadata metadata) {
    try {
      Tokenizer tokenizer = ModelLoader.tokenizer(providers, metadata);
      parts.add(new Part("tokenizer", tokenizer.describe(), true));
      return tokenizer;
    } catch (UnsupportedModelException | ModelFormatException e) {
      parts.add(new Part("tokenizer", String.valueOf(e.getMessage()), false));
      return null;
    }
  }

  private void projector(Metadata metadata) {
    List<String> reasons = new ArrayList<>();
    for (EncoderProvider provider : providers.encoders()) {
      switch (provider.supports(metadata)) {
        case Support.Supported _ -> {
          parts.add(new Part("projector", provider.id(), true));
          return;
        }
        case Support.Unsupported(String why) -> reasons.add(why);
      }
    }
    String why =
        reasons.isEmpty()
            ? "no encoder module is on the module path; add vision-pipeline"
            : String.join("; ", reasons.stream().distinct().toList());
    parts.add(new Part("projector", why, false));
  }

  private void tower(Metadata metadata) {
    part(
        "tower",
        () ->
            "%d blocks of %d, %d heads, patches of %d in pictures of %d, image tokens of %s columns"
                .formatted(
                    vision(metadata, "block_count"),
                    vision(metadata, "embedding_length"),
                    vision(metadata, "attention.head_count"),
                    vision(metadata, "patch_size"),
                    vision(metadata, "image_size"),
                    vision(metadata, "projection_dim")));
  }

  private static int vision(Metadata metadata, String key) {
    return metadata.integer("clip.vision." + key, 0, Integer.MAX_VALUE);
  }

  private void part(String role, Supplier<String> text) {
    int at = parts.size();
    try {
      parts.add(at, new Part(role, text.get(), true));
    } catch (UnsupportedModelException | ModelFormatException e) {
      parts.add(at, new Part(role, String.valueOf(e.getMessage()), false));
    }
  }
}
