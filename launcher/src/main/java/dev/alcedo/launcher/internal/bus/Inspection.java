// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bus;

import dev.alcedo.launcher.internal.message.InspectReply;
import dev.alcedo.launcher.internal.message.InspectReply.FileEntry;
import dev.alcedo.launcher.internal.message.InspectReply.MetadataEntry;
import dev.alcedo.launcher.internal.message.InspectReply.PartEntry;
import dev.alcedo.launcher.internal.message.InspectReply.TensorEntry;
import dev.alcedo.launcher.internal.message.InspectReply.TypeEntry;
import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.ModelContents;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.spi.Metadata;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What model files hold, and what loading them would give or why it would not.
final class Inspection {
  /// Elements of an array that are shown.
  private static final int SHOWN_COUNT = 8;

  private final Alcedo alcedo;

  Inspection(Alcedo alcedo) {
    this.alcedo = alcedo;
  }

  /// Reads the files; that they would not load is part of the reply.
  ///
  /// @throws VlmException if a file cannot even be read
  InspectReply of(ModelOptions options) {
    var files = new ArrayList<FileEntry>();
    files.add(file(options.model()));
    options.mmproj().ifPresent(path -> files.add(file(path)));
    if (isEncoder(files.getFirst())) {
      return new InspectReply(files, null, null);
    }
    try {
      return new InspectReply(files, alcedo.inspect(options), null);
    } catch (VlmException e) {
      return new InspectReply(files, null, e.getMessage());
    }
  }

  private FileEntry file(Path path) {
    ModelContents contents = alcedo.contents(path);
    Metadata metadata = contents.metadata();
    return new FileEntry(
        path.toString(),
        contents.fileBytes(),
        contents.parts().stream()
            .map(part -> new PartEntry(part.role(), part.text(), part.isSupported()))
            .toList(),
        types(contents.tensors()),
        metadata.keys().stream().map(key -> entry(key, metadata.value(key))).toList(),
        contents.tensors().stream().map(Inspection::entry).toList());
  }

  // Whether the model file is an image encoder, which nobody can talk to.
  private static boolean isEncoder(FileEntry file) {
    return file.parts().stream().anyMatch(part -> part.role().equals("projector"));
  }

  private static List<TypeEntry> types(List<ModelContents.Tensor> tensors) {
    long all = tensors.stream().mapToLong(ModelContents.Tensor::bytes).sum();
    Map<String, List<ModelContents.Tensor>> byType =
        tensors.stream().collect(Collectors.groupingBy(t -> t.dtype().name()));
    return byType.entrySet().stream()
        .map(e -> {
          long bytes = e.getValue().stream().mapToLong(ModelContents.Tensor::bytes).sum();
          double share = all == 0 ? 0 : (double) bytes / all;
          return new TypeEntry(e.getKey(), e.getValue().size(), bytes, share);
        })
        .sorted(
            Comparator.comparingLong(TypeEntry::bytes).reversed().thenComparing(TypeEntry::dtype))
        .toList();
  }

  private static TensorEntry entry(ModelContents.Tensor tensor) {
    return new TensorEntry(
        tensor.name(),
        tensor.dtype().name(),
        Arrays.stream(tensor.shape().toArray()).boxed().toList(),
        tensor.bytes());
  }

  private static MetadataEntry entry(String key, Object value) {
    return switch (value) {
      case Long l -> new MetadataEntry(key, "integer", l, null);
      case Double d -> new MetadataEntry(key, "number", d, null);
      case Boolean b -> new MetadataEntry(key, "boolean", b, null);
      case String s -> new MetadataEntry(key, "string", s, null);
      case long[] a ->
          array(key, "integer[]", a.length, Arrays.stream(a).limit(SHOWN_COUNT).boxed().toList());
      case double[] a ->
          array(key, "number[]", a.length, Arrays.stream(a).limit(SHOWN_COUNT).boxed().toList());
      case boolean[] a -> array(key, "boolean[]", a.length, first(a));
      case List<?> a ->
          array(key, "string[]", a.size(), a.stream().limit(SHOWN_COUNT).map(o -> o).toList());
      default -> throw new IllegalStateException("metadata values are none of " + value.getClass());
    };
  }

  private static MetadataEntry array(String key, String type, int length, List<?> first) {
    return new MetadataEntry(key, type, first, length);
  }

  private static List<Boolean> first(boolean[] values) {
    var out = new ArrayList<Boolean>();
    for (int i = 0; i < Math.min(SHOWN_COUNT, values.length); i++) {
      out.add(values[i]);
    }
    return out;
  }
}
