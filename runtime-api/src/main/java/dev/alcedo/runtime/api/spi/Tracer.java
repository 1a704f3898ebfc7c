// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

/// Where work says what it does and how long that takes. Names are words of the program; nothing of
/// a prompt, a picture or an answer may be in them. Any thread; costs next to nothing while nobody
/// looks.
@FunctionalInterface
public interface Tracer {
  /// Nobody looks.
  Tracer NONE = (kind, name, backend, count) -> Span.NONE;

  /// What kind of work.
  enum Kind {
    /// Loading and releasing.
    MODEL,
    /// A picture on its way through the encoder.
    PICTURE,
    /// A batch of tiles.
    TILE_BATCH,
    /// A stage on its backend.
    STAGE,
    /// A run of the decoder: chunks of prompts, decode steps.
    CHUNK,
    /// Waiting for something.
    WAIT
  }

  /// Work that goes on until it is closed, by the thread that began it.
  @FunctionalInterface
  interface Span extends AutoCloseable {
    /// Of nobody's interest.
    Span NONE = () -> {};

    @Override
    void close();
  }

  /// Work begins.
  ///
  /// @param name of the work, e.g. a stage's id
  /// @param backend id of the backend it runs on; empty where that says nothing
  /// @param count how much: tiles, items, positions
  Span begin(Kind kind, String name, String backend, long count);

  /// Work begins, wherever it runs.
  default Span begin(Kind kind, String name, long count) {
    return begin(kind, name, "", count);
  }
}
