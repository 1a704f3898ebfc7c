// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.plan;

import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.Stage;
import dev.alcedo.runtime.api.spi.Tracer;

/// Says when a stage runs, and where.
///
/// @param backend id of the backend that was chosen for it
record TracedGraph(CompiledGraph compiled, Stage stage, String backend, Tracer tracer)
    implements CompiledGraph {
  @Override
  public int itemCountMax() {
    return compiled.itemCountMax();
  }

  @Override
  public long residentBytes() {
    return compiled.residentBytes();
  }

  @Override
  public void execute(Bindings bindings) {
    try (Tracer.Span _ =
        tracer.begin(Tracer.Kind.STAGE, stage.id(), backend, bindings.itemCount())) {
      compiled.execute(bindings);
    }
  }

  @Override
  public void close() {
    compiled.close();
  }
}
