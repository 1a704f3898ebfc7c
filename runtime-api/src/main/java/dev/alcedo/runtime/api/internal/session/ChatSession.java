// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.CancelledException;
import dev.alcedo.runtime.api.Request;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.TokenListener;
import dev.alcedo.runtime.api.TokenStream;
import dev.alcedo.runtime.api.spi.KvCache;
import dev.alcedo.runtime.api.spi.KvLayout;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A KV cache and the sequence in it. The cache starts small and doubles up to the context length,
/// so that a long context costs memory only when it is used.
final class ChatSession implements Session {
  private static final int CAPACITY_MIN = 256;

  private final LoadedModel model;
  private final KvLayout layout;
  private final int contextLength;
  // In order of arrival; the first has its turn. Guards isClosed too.
  private final SequencedSet<RunningStream> running = new LinkedHashSet<>();
  private @Nullable KvCache cache;
  private PromptSequence content = new PromptSequence();
  private int computedLength;
  private boolean isClosed;
  private volatile long cacheBytes;

  ChatSession(LoadedModel model, KvLayout layout, int contextLength) {
    this.model = model;
    this.layout = layout;
    this.contextLength = contextLength;
  }

  @Override
  public TokenStream generate(Request request, TokenListener listener) {
    var stream = new RunningStream(listener, this::wake);
    synchronized (running) {
      if (isClosed) {
        throw new IllegalStateException("the session is closed");
      }
      running.add(stream);
    }
    model.start(this, request, stream);
    return stream;
  }

  @Override
  public int contextLength() {
    return contextLength;
  }

  /// Waits until the requests before `stream` have ended.
  ///
  /// @throws CancelledException if `stream` is cancelled or the waiting thread interrupted
  ///   meanwhile
  void takeTurn(RunningStream stream) {
    synchronized (running) {
      try {
        while (running.getFirst() != stream) {
          stream.cancellation().check();
          running.wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancelledException("interrupted while waiting for the session", e);
      }
    }
  }

  /// Forgets `stream`, so that the next request can run.
  void passTurn(RunningStream stream) {
    synchronized (running) {
      running.remove(stream);
      running.notifyAll();
    }
  }

  /// Something was cancelled: whoever waits has to look.
  private void wake() {
    synchronized (running) {
      running.notifyAll();
    }
    model.wake();
  }

  /// Takes `sequence` as the new content and returns how many of its positions are computed
  /// already; the last one never counts, because its logits are wanted, nor does a part of a
  /// bidirectional span.
  int begin(PromptSequence sequence) {
    int shared = Math.min(sequence.commonPrefix(content), computedLength);
    computedLength = sequence.resumable(Math.min(shared, sequence.length() - 1));
    content = sequence;
    return computedLength;
  }

  int computedLength() {
    return computedLength;
  }

  void advance(int count) {
    computedLength += count;
  }

  /// Forgets what was computed: a failed run left it undefined.
  void forget() {
    computedLength = 0;
  }

  KvCache cache() {
    return Objects.requireNonNull(cache);
  }

  /// Makes room for `length` positions.
  ///
  /// @throws ResourceExhaustedException if there is no memory
  void reserve(int length) {
    int capacity = cache == null ? 0 : cache.capacity();
    if (length <= capacity) {
      return;
    }
    int wanted =
        (int) Math.min(contextLength, Math.max(Math.max(length, CAPACITY_MIN), 2L * capacity));
    KvCache larger;
    try {
      larger = new KvCache(layout, wanted);
    } catch (OutOfMemoryError e) {
      throw ResourceExhaustedException.ofMemory(
          "KV cache of %d positions needs %d bytes, which are not there: lower --context or close sessions"
              .formatted(wanted, KvCache.byteSize(layout, wanted)),
          e);
    }
    if (cache != null) {
      cache.copyTo(larger, computedLength);
      cache.close();
    }
    cache = larger;
    cacheBytes = KvCache.byteSize(layout, wanted);
  }

  /// Bytes of the KV cache. Any thread.
  long cacheBytes() {
    return cacheBytes;
  }

  /// Cancels what runs, waits until it has stopped, frees the cache.
  ///
  /// @throws IllegalStateException if called by a listener while a request runs, which would wait
  ///   for itself
  @Override
  public void close() {
    synchronized (running) {
      if (!running.isEmpty()) {
        model.requireOtherThread("close of a session");
      }
      isClosed = true;
      Set.copyOf(running).forEach(RunningStream::cancel);
      awaitEnd();
      if (cache != null) {
        cache.close();
      }
    }
    model.forget(this);
  }

  private void awaitEnd() {
    boolean isInterrupted = false;
    while (!running.isEmpty()) {
      try {
        running.wait();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
