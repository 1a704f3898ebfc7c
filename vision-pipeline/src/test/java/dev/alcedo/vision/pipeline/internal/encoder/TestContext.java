// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.spi.Stage;
import java.util.ServiceLoader;

/// What the core would lend: everything runs on `cpu-scalar`, the definition of the ops.
record TestContext(ModelFile mmproj, int embeddingLength, ImageOptions imageOptions)
    implements EncoderContext {
  private static final Backend BACKEND = open();

  @Override
  public CompiledGraph compile(Stage stage, Graph graph, int itemCountMax) {
    for (Node node : graph.nodes()) {
      if (!BACKEND.supports(node).isSupported()) {
        throw new AssertionError("%s: %s".formatted(stage.id(), BACKEND.supports(node)));
      }
    }
    return BACKEND.compile(graph, itemCountMax);
  }

  private static Backend open() {
    // Declared here: only tests of this module look for a backend themselves.
    TestContext.class.getModule().addUses(BackendProvider.class);
    for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
      if (provider.id().equals("cpu-scalar")
          && provider.probe() instanceof Availability.Available available) {
        return provider.open(available.devices().getFirst(), BackendOptions.DEFAULTS);
      }
    }
    throw new AssertionError("no backend 'cpu-scalar'");
  }
}
