// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alcedo.launcher.internal.schema.SchemaException;
import dev.alcedo.launcher.internal.schema.SchemaGrammar;
import dev.alcedo.runtime.api.GenerationOptions;
import dev.alcedo.runtime.api.InvalidRequestException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The grammar that answers must follow, from the file that was named.
final class OutputGrammar {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private OutputGrammar() {}

  /// @throws InvalidRequestException naming the option and what is the matter with its file
  static @Nullable String of(@Nullable Path grammarFile, @Nullable Path schemaFile) {
    if (grammarFile != null && schemaFile != null) {
      throw new InvalidRequestException("--grammar: expected one of it and --json-schema");
    }
    if (grammarFile != null) {
      return read("--grammar", grammarFile);
    }
    return schemaFile == null ? null : ofSchema(schemaFile);
  }

  private static String ofSchema(Path file) {
    try {
      JsonNode schema = MAPPER.readTree(read("--json-schema", file));
      return SchemaGrammar.of(schema);
    } catch (JsonProcessingException e) {
      throw new InvalidRequestException(
          "--json-schema %s: expected JSON: %s".formatted(file, e.getOriginalMessage()), e);
    } catch (SchemaException e) {
      throw new InvalidRequestException("--json-schema %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static String read(String option, Path file) {
    try {
      if (Files.size(file) > GenerationOptions.GRAMMAR_LENGTH_MAX) {
        throw new InvalidRequestException(
            "%s %s: expected at most %d bytes"
                .formatted(option, file, GenerationOptions.GRAMMAR_LENGTH_MAX));
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new InvalidRequestException(
          "%s %s: cannot be read as a text in UTF-8".formatted(option, file), e);
    }
  }
}
