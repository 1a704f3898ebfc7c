// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// What runs where on a kind of device: a JSON object with `stages`, backends by stage name,
/// perhaps `tileBatch`, and with `device`, `soc`, `known` and `unverified` for people.
///
/// @param stages as `--stage` gives them
/// @param tileBatch as `--tile-batch` gives it, if the profile says
record DeviceProfile(Map<String, String> stages, @Nullable Integer tileBatch) {
  private static final Set<String> FOR_PEOPLE = Set.of("device", "soc", "known", "unverified");
  private static final String STAGES = "stages";
  private static final String TILE_BATCH = "tileBatch";
  private static final long BYTES_MAX = 1 << 16;

  /// Copies the map.
  DeviceProfile {
    stages = Map.copyOf(stages);
  }

  /// These stages, with those of `named` in their place where both have one.
  Map<String, String> with(Map<String, String> named) {
    var all = new LinkedHashMap<>(stages);
    all.putAll(named);
    return all;
  }

  /// Reads a profile that an option names.
  static final class Reader implements ITypeConverter<DeviceProfile> {
    /// Made by picocli.
    Reader() {}

    @Override
    public DeviceProfile convert(String file) {
      try {
        return parse(file, read(Path.of(file)));
      } catch (JacksonException e) {
        throw problem(file, "it is no JSON: " + e.getOriginalMessage());
      } catch (IOException e) {
        throw problem(file, "it cannot be read: " + e.getMessage());
      }
    }

    private static JsonNode read(Path file) throws IOException {
      if (Files.size(file) > BYTES_MAX) {
        throw new IOException("it has more than %d bytes".formatted(BYTES_MAX));
      }
      var mapper =
          JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
      return mapper.readTree(Files.readString(file));
    }

    private static DeviceProfile parse(String file, JsonNode root) {
      if (!root.isObject() || !root.path(STAGES).isObject()) {
        throw problem(file, "expected an object with '%s', an object".formatted(STAGES));
      }
      for (Map.Entry<String, JsonNode> field : root.properties()) {
        var known = new TreeSet<>(FOR_PEOPLE);
        known.addAll(List.of(STAGES, TILE_BATCH));
        if (!known.contains(field.getKey())) {
          throw problem(
              file, "unknown key '%s'; known: %s".formatted(field.getKey(), List.copyOf(known)));
        }
      }
      var stages = new LinkedHashMap<String, String>();
      for (Map.Entry<String, JsonNode> field : root.path(STAGES).properties()) {
        if (!field.getValue().isTextual()) {
          throw problem(
              file,
              "stage '%s': expected a backend's id, got %s"
                  .formatted(field.getKey(), field.getValue()));
        }
        stages.put(field.getKey(), field.getValue().asText());
      }
      return new DeviceProfile(stages, tileBatch(file, root));
    }

    private static @Nullable Integer tileBatch(String file, JsonNode root) {
      JsonNode value = root.path(TILE_BATCH);
      try {
        return value.isMissingNode() ? null : new TileBatch().convert(value.asText());
      } catch (TypeConversionException e) {
        throw problem(file, "'%s': %s".formatted(TILE_BATCH, e.getMessage()));
      }
    }

    private static TypeConversionException problem(String file, String what) {
      return new TypeConversionException("device profile '%s': %s".formatted(file, what));
    }
  }
}
