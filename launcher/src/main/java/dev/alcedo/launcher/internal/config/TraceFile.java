// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.TraceEvent;
import dev.alcedo.runtime.api.TraceListener;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what the engine does to a file in Chrome's trace event format, which Perfetto reads too:
/// a complete event (`X`) for each span, times in microseconds since the file was begun. Any
/// thread.
final class TraceFile implements TraceListener {
  private static final Logger LOG = LoggerFactory.getLogger(TraceFile.class);
  private static final int PROCESS = 1;

  private final Path path;
  private final JsonGenerator json;
  private final long originNanos = System.nanoTime();
  private final Set<Long> namedThreads = new HashSet<>();
  private boolean isEnded;

  private TraceFile(Path path, JsonGenerator json) {
    this.path = path;
    this.json = json;
  }

  /// Begins a file.
  ///
  /// @throws InvalidRequestException if it cannot be written
  static TraceFile create(Path path) {
    try {
      var out = new BufferedOutputStream(Files.newOutputStream(path));
      JsonGenerator json = new JsonFactory().createGenerator(out);
      json.writeStartObject();
      json.writeStringField("displayTimeUnit", "ms");
      json.writeArrayFieldStart("traceEvents");
      return new TraceFile(path, json);
    } catch (IOException e) {
      throw new InvalidRequestException(
          "--trace: '%s' cannot be written: %s".formatted(path, e), e);
    }
  }

  @Override
  public synchronized void done(TraceEvent event) {
    if (isEnded) {
      return;
    }
    try {
      if (namedThreads.add(event.threadId())) {
        nameThread(event);
      }
      json.writeStartObject();
      json.writeStringField("name", event.name());
      json.writeStringField("cat", event.kind().name().toLowerCase(Locale.ROOT));
      json.writeStringField("ph", "X");
      json.writeNumberField("ts", micros(event.startNanos() - originNanos));
      json.writeNumberField("dur", micros(event.endNanos() - event.startNanos()));
      json.writeNumberField("pid", PROCESS);
      json.writeNumberField("tid", event.threadId());
      json.writeObjectFieldStart("args");
      json.writeNumberField("count", event.count());
      if (!event.backend().isEmpty()) {
        json.writeStringField("backend", event.backend());
      }
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      end(e);
    }
  }

  private void nameThread(TraceEvent event) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", "thread_name");
    json.writeStringField("ph", "M");
    json.writeNumberField("pid", PROCESS);
    json.writeNumberField("tid", event.threadId());
    json.writeObjectFieldStart("args");
    json.writeStringField("name", threadName(event.threadName()));
    json.writeEndObject();
    json.writeEndObject();
  }

  /// The kind of a thread without its model's name, which is a file's.
  private static String threadName(String name) {
    for (String kind : new String[] {"alcedo-engine", "alcedo-encode"}) {
      if (name.startsWith(kind)) {
        return kind;
      }
    }
    return name;
  }

  private static double micros(long nanos) {
    return nanos / 1e3;
  }

  private void end(IOException cause) {
    isEnded = true;
    LOG.warn("trace file '{}' cannot be written, it ends here: {}", path, cause.toString());
  }

  @Override
  public synchronized void close() {
    if (isEnded) {
      return;
    }
    isEnded = true;
    try {
      json.writeEndArray();
      json.writeEndObject();
      json.close();
    } catch (IOException e) {
      end(e);
    }
  }
}
