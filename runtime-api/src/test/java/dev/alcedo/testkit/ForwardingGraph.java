// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;

/// Asks another compiled graph. Wrappers override what they do differently.
class ForwardingGraph implements CompiledGraph {
  private final CompiledGraph compiled;

  ForwardingGraph(CompiledGraph compiled) {
    this.compiled = compiled;
  }

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
    compiled.execute(bindings);
  }

  @Override
  public void close() {
    compiled.close();
  }
}
