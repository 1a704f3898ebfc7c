// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import dev.alcedo.runtime.api.spi.Tracer;

/// Something that was done, by whom, when and for how long. Holds nothing of prompts, pictures and
/// answers.
///
/// @param kind what kind of work
/// @param name of the work, e.g. `vision.blocks` or `prefill`
/// @param backend id of the backend it ran on; may be empty
/// @param count how much: tiles, items, positions
/// @param threadId of the thread that did it
/// @param threadName of that thread
/// @param startNanos of [System#nanoTime]
/// @param endNanos of [System#nanoTime]
public record TraceEvent(
    Tracer.Kind kind,
    String name,
    String backend,
    long count,
    long threadId,
    String threadName,
    long startNanos,
    long endNanos) {}
