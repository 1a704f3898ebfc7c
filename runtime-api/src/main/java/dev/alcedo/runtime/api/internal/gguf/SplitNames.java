// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.spi.Metadata;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The names of a split model's parts, `NAME-00001-of-00003.gguf` and so on (llama.cpp,
/// `llama_split_path`), found from any one of them.
///
/// @param folder where they lie
/// @param stem what their names begin with
/// @param count how many there are
record SplitNames(Path folder, String stem, int count) {
  /// Number of this part, from 0; how many there are; tensors of all of them.
  static final String NUMBER_KEY = "split.no";

  static final String COUNT_KEY = "split.count";
  static final String TENSOR_COUNT_KEY = "split.tensors.count";
  static final int COUNT_MAX = 65_535;

  private static final Pattern NAME = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");

  /// How many parts a file says its model has; 1 for a file that is not split.
  static int count(Metadata metadata) {
    return Math.max(1, metadata.integer(COUNT_KEY, 0, COUNT_MAX, 1));
  }

  /// The names of all parts by that of one of them.
  ///
  /// @throws ModelFormatException if it is not called as its keys say
  static SplitNames of(Path part, Metadata metadata) {
    int count = count(metadata);
    int number = metadata.integer(NUMBER_KEY, 0, count - 1);
    Matcher name = NAME.matcher(String.valueOf(part.getFileName()));
    if (!name.matches()
        || Integer.parseInt(name.group(2)) != number + 1
        || Integer.parseInt(name.group(3)) != count) {
      throw new ModelFormatException(
          ("%s: the file is part %d of %d of a split model, and the others are found by name:"
                  + " expected a name like '%s', got '%s'; give the parts their names back")
              .formatted(
                  metadata.source(),
                  number + 1,
                  count,
                  fileName("NAME", number, count),
                  metadata.source()));
    }
    return new SplitNames(part.toAbsolutePath().getParent(), name.group(1), count);
  }

  /// Where part `index` lies, counted from 0.
  Path path(int index) {
    return folder.resolve(fileName(stem, index, count));
  }

  private static String fileName(String stem, int index, int count) {
    return "%s-%05d-of-%05d.gguf".formatted(stem, index + 1, count);
  }
}
