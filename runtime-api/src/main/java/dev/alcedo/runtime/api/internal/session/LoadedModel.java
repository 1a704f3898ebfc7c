// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.CancelledException;
import dev.alcedo.runtime.api.Image;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.ModelInfo;
import dev.alcedo.runtime.api.ModelStatistics;
import dev.alcedo.runtime.api.Perplexity;
import dev.alcedo.runtime.api.Request;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.internal.grammar.Constraint;
import dev.alcedo.runtime.api.internal.grammar.Grammars;
import dev.alcedo.runtime.api.internal.plan.Closing;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.Tokenizer;
import dev.alcedo.runtime.api.spi.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// A loaded model: owns files, graphs, encoder and engine thread, and closes them in that order's
/// reverse.
final class LoadedModel implements Model {
  private final ModelParts parts;
  private final ModelInfo info;
  private final EngineLoop loop;
  private final Optional<ImageStore> images;
  private final PromptBuilder prompts;
  private final Grammars grammars;
  private final AtomicLong nextJobId = new AtomicLong();
  private final Set<ChatSession> sessions = ConcurrentHashMap.newKeySet();
  private final Consumer<LoadedModel> onClose;
  private final ReentrantLock closing = new ReentrantLock();
  private boolean isClosed;

  /// @param onClose told once when the model is closed
  LoadedModel(ModelParts parts, Consumer<LoadedModel> onClose) {
    this.parts = parts;
    this.info = parts.info();
    this.loop = new EngineLoop(parts.runner(), parts.scheduler(), parts.tracer(), info.name());
    this.images =
        parts
            .encoder()
            .map(e -> new ImageStore(e, limits(), parts.tracer(), loop::wake, System::nanoTime));
    this.prompts =
        new PromptBuilder(
            parts.tokenizer(),
            parts.template(),
            images,
            parts.isPrefillFollowing(),
            info.contextLength(),
            parts.runner().chunkLength());
    this.grammars = new Grammars(parts.tokenizer());
    this.onClose = onClose;
  }

  private ImageStore.Limits limits() {
    return new ImageStore.Limits(
        info.name(),
        info.contextLength(),
        parts.text().config().embeddingLength(),
        parts.options().encoding(),
        parts.isEncoderReleased());
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public ModelStatistics statistics() {
    ImageStore.Counts pictures = images.map(ImageStore::counts).orElse(ImageStore.Counts.NONE);
    return new ModelStatistics(
        pictures.hits(),
        pictures.misses(),
        pictures.kept(),
        pictures.bytes(),
        pictures.bytesMax(),
        sessions.size(),
        sessions.stream().mapToLong(ChatSession::cacheBytes).sum());
  }

  @Override
  public Tokenizer tokenizer() {
    return parts.tokenizer();
  }

  @Override
  public Image prepare(byte[] image) {
    return pictures().prepare(image);
  }

  @Override
  public Image prepared(String handle) {
    return pictures().prepared(handle);
  }

  @Override
  public void discard(String handle) {
    images.ifPresent(i -> i.discard(handle));
  }

  private ImageStore pictures() {
    return images.orElseThrow(() ->
        new InvalidRequestException(
            "model '%s' was loaded without an mmproj file and cannot see pictures: give one with --mmproj"
                .formatted(info.name())));
  }

  @Override
  public Session openSession() {
    HostMemory.require(
        "a session of %d positions".formatted(info.contextLength()),
        info.memory().kvBytesPerSession(),
        "lower --context or close sessions");
    var session = new ChatSession(this, parts.kvLayout(), info.contextLength());
    synchronized (this) {
      requireOpen();
      new MemoryBudget(parts.options().memoryBytesMax())
          .require(info.name(), info.memory(), sessions.size() + 1);
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
          try {
            try (var _ = parts.tracer().begin(Tracer.Kind.WAIT, "turn of the session", 1)) {
              session.takeTurn(stream);
            }
            prepareJob(session, request, stream, submittedNanos);
          } catch (Throwable e) {
            // Whatever it is: somebody waits for the stream, and the next request for its turn.
            session.passTurn(stream);
            stream.fail(asVlm(e, stream));
          }
        });
  }

  private static VlmException asVlm(Throwable cause, RunningStream stream) {
    return switch (cause) {
      case CancelledException _ -> stream.cancelled();
      case VlmException e -> e;
      case OutOfMemoryError e ->
          ResourceExhaustedException.ofMemory("out of memory for a prompt", e);
      default -> new BackendException("preparing a prompt failed: " + cause, cause);
    };
  }

  private void prepareJob(
      ChatSession session, Request request, RunningStream stream, long submittedNanos) {
    stream.cancellation().check();
    PromptBuilder.Built prompt;
    try (var _ = parts.tracer().begin(Tracer.Kind.WAIT, "prompt and its pictures", 1)) {
      prompt = prompts.build(request, stream::report, stream.cancellation());
    }
    // Rows of the output matrix beyond the vocabulary are padding and stand for no token.
    String grammar = request.options().grammar();
    Constraint constraint =
        grammar.isEmpty()
            ? null
            : grammars.constraint(grammar, () -> Job.decoder(parts.tokenizer(), prompt));
    var sampler =
        new Sampler(
            request.options(), parts.tokenizer().vocabSize(), parts.tokenizer()::isEnd, constraint);
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

  @Override
  public double[] logProbabilities(int[] tokens, int from, Cancellation cancellation) {
    requireOpen();
    requireOtherThread("a request for log-probabilities");
    return new Scoring(parts, loop, cancellation).logProbabilities(tokens, from);
  }

  @Override
  public Perplexity perplexity(
      String text, int chunkLength, Consumer<Perplexity> onChunk, Cancellation cancellation) {
    return new PerplexityRun(this, chunkLength, cancellation).of(text, onChunk);
  }

  void wake() {
    loop.wake();
  }

  /// Refuses to wait for the engine's thread on that thread.
  ///
  /// @param what is asked for
  void requireOtherThread(String what) {
    if (loop.isCaller()) {
      throw new IllegalStateException(
          "%s by a listener would wait for itself; do it from another thread".formatted(what));
    }
  }

  void forget(ChatSession session) {
    sessions.remove(session);
  }

  private void requireOpen() {
    if (isClosed) {
      throw new IllegalStateException("model '%s' is closed".formatted(info.name()));
    }
  }

  /// Cancels what runs, waits until it has stopped, frees everything.
  ///
  /// @throws IllegalStateException if called by a listener, which would wait for itself
  @Override
  public void close() {
    requireOtherThread("close of a model");
    closing.lock(); // who comes second waits: backends must not be closed before the graphs
    try {
      closeOnce();
    } finally {
      closing.unlock();
    }
  }

  private void closeOnce() {
    synchronized (this) {
      if (isClosed) {
        return;
      }
      isClosed = true;
    }
    List<AutoCloseable> all = new ArrayList<>(sessions);
    all.add(loop);
    images.ifPresent(all::add);
    all.add(parts.runner());
    all.addAll(parts.files());
    all.add(() -> onClose.accept(this));
    Closing.closeAll(all);
  }
}
