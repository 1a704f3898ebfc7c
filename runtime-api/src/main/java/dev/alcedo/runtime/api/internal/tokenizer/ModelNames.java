// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.Support;
import java.util.Arrays;

/// Whether metadata names a kind of tokenizer, answered without throwing.
final class ModelNames {
  private ModelNames() {}

  /// Supported where `tokenizer.ggml.model` is one of `models`.
  static Support supports(Metadata metadata, String... models) {
    return metadata.has(TokenizerKeys.MODEL)
            && Arrays.asList(models).contains(metadata.value(TokenizerKeys.MODEL))
        ? Support.SUPPORTED
        : Support.unsupported(
            "tokenizer model %s (known here: '%s')"
                .formatted(show(metadata, TokenizerKeys.MODEL), String.join("', '", models)));
  }

  /// The value of a key for a message: quoted, or what is wrong with it.
  static String show(Metadata metadata, String key) {
    if (!metadata.has(key)) {
      return "without '%s'".formatted(key);
    }
    return metadata.value(key) instanceof String name
        ? "'%s'".formatted(name)
        : "with '%s' not a string".formatted(key);
  }
}
