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
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// A KV cache and the sequence in it. The cache starts small and doubles up to the context length,
/// so that a long context costs memory only when it is used.
final class ChatSession implements Session {
  private static final int CAPACITY_MIN = 256;

  private final LoadedModel model;
  private final KvLayout layout;
  private final int contextLength;
  private final Semaphore turn = new Semaphore(1, true);
  private final Set<RunningStream> running = new HashSet<>();
  private @Nullable KvCache cache;
  private PromptSequence content = new PromptSequence();
  private int computedLength;
  private boolean isClosed;

  ChatSession(LoadedModel model, KvLayout layout, int contextLength) {
    this.model = model;
    this.layout = layout;
    this.contextLength = contextLength;
  }

  @Override
  public TokenStream generate(Request request, TokenListener listener) {
    var stream = new RunningStream(listener, model::wake);
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

  /// Waits until no other request of this session runs.
  ///
  /// @throws CancelledException if the waiting thread is interrupted
  void takeTurn() {
    try {
      turn.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException("interrupted while waiting for the session", e);
    }
  }

  /// Lets the next request run, and forgets `stream`.
  void passTurn(RunningStream stream) {
    synchronized (running) {
      running.remove(stream);
      running.notifyAll();
    }
    turn.release();
  }

  /// Takes `sequence` as the new content and returns how many of its positions are computed
  /// already; the last one never counts, because its logits are wanted.
  int begin(PromptSequence sequence) {
    int shared = Math.min(sequence.commonPrefix(content), computedLength);
    computedLength = Math.min(shared, sequence.length() - 1);
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
    return java.util.Objects.requireNonNull(cache);
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
      throw new ResourceExhaustedException(
          "KV cache of %d positions needs %d bytes, which are not there: lower --context or close sessions"
              .formatted(wanted, KvCache.byteSize(layout, wanted)),
          e);
    }
    if (cache != null) {
      cache.copyTo(larger, computedLength);
      cache.close();
    }
    cache = larger;
  }

  /// Cancels what runs, waits until it has stopped, frees the cache.
  @Override
  public void close() {
    synchronized (running) {
      if (isClosed) {
        return;
      }
      isClosed = true;
      Set.copyOf(running).forEach(RunningStream::cancel);
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
    if (cache != null) {
      cache.close();
    }
    model.forget(this);
  }
}
