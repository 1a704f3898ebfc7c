// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.Image;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.ModelInfo;
import dev.alcedo.runtime.api.Request;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// A loaded model: owns files, graphs, encoder and engine thread, and closes them in that order's
/// reverse.
final class LoadedModel implements Model {
  private final ModelParts parts;
  private final ModelInfo info;
  private final EngineLoop loop;
  private final Optional<ImageStore> images;
  private final PromptBuilder prompts;
  private final AtomicLong nextJobId = new AtomicLong();
  private final Set<ChatSession> sessions = ConcurrentHashMap.newKeySet();
  private final Consumer<LoadedModel> onClose;
  private boolean isClosed;

  /// @param onClose told once when the model is closed
  LoadedModel(ModelParts parts, Consumer<LoadedModel> onClose) {
    this.parts = parts;
    this.info = parts.info();
    this.loop = new EngineLoop(parts.runner(), parts.scheduler(), info.name());
    this.images =
        parts.encoder().map(e -> new ImageStore(e, parts.options().imageCacheBytes(), info.name()));
    this.prompts = new PromptBuilder(parts.tokenizer(), parts.template(), info.contextLength());
    this.onClose = onClose;
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public Tokenizer tokenizer() {
    return parts.tokenizer();
  }

  @Override
  public Image prepare(byte[] image) {
    return images
        .orElseThrow(() ->
            new InvalidRequestException(
                "model '%s' was loaded without an mmproj file and cannot see pictures: give one with --mmproj"
                    .formatted(info.name())))
        .prepare(image);
  }

  @Override
  public Session openSession() {
    HostMemory.require(
        "a session of %d positions".formatted(info.contextLength()),
        info.memory().kvBytesPerSession(),
        "lower --context or close sessions");
    var session = new ChatSession(this, parts.text().config().kvLayout(), info.contextLength());
    synchronized (this) {
      requireOpen();
      sessions.add(session);
    }
    return session;
  }

  /// Starts a request of `session`: waits for its turn and its pictures on a thread of its own,
  /// then hands it to the engine.
  void start(ChatSession session, Request request, RunningStream stream) {
    long submittedNanos = System.nanoTime();
    Thread.ofVirtual()
        .name("alcedo-request")
        .start(() -> {
          session.takeTurn();
          try {
            prepareJob(session, request, stream, submittedNanos);
          } catch (VlmException e) {
            session.passTurn(stream);
            stream.fail(e);
          } catch (OutOfMemoryError e) {
            session.passTurn(stream);
            stream.fail(new ResourceExhaustedException("out of memory for a prompt", e));
          }
        });
  }

  private void prepareJob(
      ChatSession session, Request request, RunningStream stream, long submittedNanos) {
    stream.cancellation().check();
    PromptBuilder.Built prompt = prompts.build(request, stream.listener(), stream.cancellation());
    var sampler =
        new Sampler(request.options(), parts.text().vocabSize(), parts.tokenizer()::isEnd);
    loop.submit(
        new Job(
            nextJobId.getAndIncrement(),
            session,
            stream,
            request.options(),
            prompt,
            sampler,
            parts.tokenizer(),
            submittedNanos));
  }

  void wake() {
    loop.wake();
  }

  void forget(ChatSession session) {
    sessions.remove(session);
  }

  private void requireOpen() {
    if (isClosed) {
      throw new IllegalStateException("model '%s' is closed".formatted(info.name()));
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      if (isClosed) {
        return;
      }
      isClosed = true;
    }
    Set.copyOf(sessions).forEach(ChatSession::close);
    loop.close();
    images.ifPresent(ImageStore::close);
    parts.runner().close();
    parts.files().forEach(ModelFile::close);
    onClose.accept(this);
  }
}
