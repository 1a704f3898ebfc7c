// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.trace;

import dev.alcedo.runtime.api.TraceEvent;
import dev.alcedo.runtime.api.TraceListener;
import dev.alcedo.runtime.api.spi.Tracer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells a listener and Flight Recorder. Any thread.
public final class Tracing implements Tracer {
  private static final Logger LOG = LoggerFactory.getLogger(Tracing.class);

  private final TraceListener listener;
  private volatile boolean isListening;

  /// @param listener hears of every span; told no more once it has thrown
  public Tracing(TraceListener listener) {
    this.listener = listener;
    this.isListening = listener != TraceListener.NONE;
  }

  @Override
  public Span begin(Kind kind, String name, String backend, long count) {
    var event = new SpanEvent(); // does not outlive this method while nobody records
    if (!isListening && !event.isEnabled()) {
      return Span.NONE;
    }
    event.kind = kind.name();
    event.work = name;
    event.backend = backend;
    event.count = count;
    event.begin();
    long start = System.nanoTime();
    return () -> {
      event.commit();
      tell(kind, event, start);
    };
  }

  private void tell(Kind kind, SpanEvent event, long start) {
    if (!isListening) {
      return;
    }
    Thread thread = Thread.currentThread();
    try {
      listener.done(
          new TraceEvent(
              kind,
              event.work,
              event.backend,
              event.count,
              thread.threadId(),
              thread.getName(),
              start,
              System.nanoTime()));
    } catch (RuntimeException e) { // the caller's own: the work must not suffer
      isListening = false;
      LOG.warn("a trace listener threw {}; it hears no more", e.getClass().getName());
    }
  }
}
