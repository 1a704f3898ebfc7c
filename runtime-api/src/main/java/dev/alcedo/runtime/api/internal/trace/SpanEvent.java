// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.trace;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// A span as Flight Recorder keeps it.
@Name("dev.alcedo.Span")
@Label("Alcedo Span")
@Description("Work of the engine: a stage, a batch of tiles, a chunk, a wait")
@Category("Alcedo")
@StackTrace(false)
final class SpanEvent extends Event {
  @Label("Kind")
  String kind = "";

  @Label("Work")
  String work = "";

  @Label("Backend")
  String backend = "";

  @Label("Count")
  long count;
}
