// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bus;

import dev.alcedo.launcher.internal.message.ModelReply;
import dev.alcedo.launcher.internal.message.SessionReply;
import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.Image;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.spi.Progress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What lives in the engine between requests, by handle: models, their pictures, their sessions.
/// Any thread.
final class Residents implements AutoCloseable {
  private final Alcedo alcedo;
  private final AtomicInteger modelCount = new AtomicInteger();
  private final AtomicInteger sessionCount = new AtomicInteger();
  private final Map<String, Loaded> models = new ConcurrentSkipListMap<>(Residents::byNumber);
  private final Map<String, Open> sessions = new ConcurrentHashMap<>();

  Residents(Alcedo alcedo) {
    this.alcedo = alcedo;
  }

  private record Loaded(Model model) {}

  private record Open(String modelHandle, Session session) {}

  ModelReply load(ModelOptions options, Progress progress) {
    Model model = alcedo.load(options, progress);
    String handle = "m" + modelCount.incrementAndGet();
    models.put(handle, new Loaded(model));
    return new ModelReply(handle, model.info());
  }

  List<ModelReply> models() {
    return models.entrySet().stream()
        .map(e -> new ModelReply(e.getKey(), e.getValue().model().info()))
        .toList();
  }

  Model model(@Nullable String handle) {
    return loaded(handle).model();
  }

  void unload(String handle) {
    Loaded loaded = loaded(handle);
    sessions.entrySet().stream()
        .filter(e -> e.getValue().modelHandle().equals(handle))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(this::closeSession);
    if (models.remove(handle) != null) {
      loaded.model().close();
    }
  }

  Image prepare(@Nullable String handle, byte[] bytes) {
    return model(handle).prepare(bytes);
  }

  SessionReply openSession(String modelHandle) {
    Session session = loaded(modelHandle).model().openSession();
    String handle = "s" + sessionCount.incrementAndGet();
    sessions.put(handle, new Open(modelHandle, session));
    return new SessionReply(handle, session.contextLength());
  }

  void closeSession(String handle) {
    Open open = sessions.remove(handle);
    if (open != null) {
      open.session().close();
    }
  }

  Session session(@Nullable String handle) {
    return open(handle).session();
  }

  /// A picture that was handed in for the session's model.
  Image image(@Nullable String sessionHandle, String imageHandle) {
    return model(open(sessionHandle).modelHandle()).prepared(imageHandle);
  }

  private Loaded loaded(@Nullable String handle) {
    Loaded loaded = handle == null ? null : models.get(handle);
    if (loaded == null) {
      throw new InvalidRequestException(
          "model: expected the handle of a loaded model, got '%s'".formatted(handle));
    }
    return loaded;
  }

  private Open open(@Nullable String handle) {
    Open open = handle == null ? null : sessions.get(handle);
    if (open == null) {
      throw new InvalidRequestException(
          "session: expected the handle of an open session, got '%s'".formatted(handle));
    }
    return open;
  }

  @Override
  public void close() {
    List.copyOf(sessions.keySet()).forEach(this::closeSession);
    List.copyOf(models.keySet()).forEach(this::unload);
  }

  // m2 before m10.
  private static int byNumber(String a, String b) {
    return a.length() == b.length() ? a.compareTo(b) : Integer.compare(a.length(), b.length());
  }
}
