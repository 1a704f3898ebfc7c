// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bus;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.alcedo.runtime.api.InvalidRequestException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Records to JSON objects and back. Durations are seconds; absent values are left out; unknown
/// fields are refused.
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(
              new SimpleModule("alcedo")
                  .addSerializer(new SecondsWriter())
                  .addSerializer(new BusObjectWriter())
                  .addSerializer(new BusArrayWriter())
                  .addDeserializer(Duration.class, new SecondsReader()))
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  private Json() {}

  /// The JSON object of a message.
  public static JsonObject write(Record message) {
    return new JsonObject(MAPPER.convertValue(message, MAP));
  }

  /// The JSON text of a value, on one line.
  public static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (IOException e) {
      throw new IllegalStateException("values of ours have JSON", e);
    }
  }

  /// The message in a JSON object.
  ///
  /// @throws InvalidRequestException naming the field that is the matter
  public static <T> T read(JsonObject json, Class<T> type) {
    try {
      return MAPPER.convertValue(json.getMap(), type);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(describe(type, e), e);
    }
  }

  /// The object in a JSON text, fields in their order.
  ///
  /// @param what it is, for messages
  /// @throws InvalidRequestException saying where the text is no JSON object
  public static Map<String, @Nullable Object> object(String what, String text) {
    try {
      Map<String, @Nullable Object> object = MAPPER.readValue(text, MAP);
      if (object == null) {
        throw new InvalidRequestException(what + ": expected a JSON object, got null");
      }
      return object;
    } catch (JsonProcessingException e) {
      var place = e.getLocation();
      throw new InvalidRequestException(
          "%s: expected a JSON object: %s (line %d, column %d)"
              .formatted(
                  what,
                  e.getOriginalMessage(),
                  place == null ? 1 : place.getLineNr(),
                  place == null ? 1 : place.getColumnNr()),
          e);
    }
  }

  private static String describe(Class<?> type, IllegalArgumentException failure) {
    if (!(failure.getCause() instanceof JsonMappingException mapping)) {
      return "%s: %s".formatted(type.getSimpleName(), failure.getMessage());
    }
    String path =
        mapping.getPath().stream()
            .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
            .collect(Collectors.joining("."));
    return "%s: field '%s': %s".formatted(type.getSimpleName(), path, mapping.getOriginalMessage());
  }

  private static final class SecondsWriter extends StdSerializer<Duration> {
    private static final long serialVersionUID = 1L;

    SecondsWriter() {
      super(Duration.class);
    }

    @Override
    public void serialize(Duration value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeNumber(value.toNanos() / 1e9);
    }
  }

  // What the bus delivers has JsonObjects and JsonArrays inside.
  private static final class BusObjectWriter extends StdSerializer<JsonObject> {
    private static final long serialVersionUID = 1L;

    BusObjectWriter() {
      super(JsonObject.class);
    }

    @Override
    public void serialize(JsonObject value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      provider.defaultSerializeValue(value.getMap(), out);
    }
  }

  private static final class BusArrayWriter extends StdSerializer<JsonArray> {
    private static final long serialVersionUID = 1L;

    BusArrayWriter() {
      super(JsonArray.class);
    }

    @Override
    public void serialize(JsonArray value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      provider.defaultSerializeValue(value.getList(), out);
    }
  }

  private static final class SecondsReader extends StdDeserializer<Duration> {
    private static final long serialVersionUID = 1L;

    SecondsReader() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(
        com.fasterxml.jackson.core.JsonParser in,
        com.fasterxml.jackson.databind.DeserializationContext context)
        throws IOException {
      return Duration.ofNanos(Math.round(in.getDoubleValue() * 1e9));
    }
  }
}
