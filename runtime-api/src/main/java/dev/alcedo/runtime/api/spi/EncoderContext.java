// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.graph.Graph;

/// What the core lends an encoder.
public interface EncoderContext {
  /// The open file with vision tower and projector; the core closes it after the encoder.
  ModelFile mmproj();

  /// Columns that the text model expects of an image token.
  int embeddingLength();

  /// How pictures are tiled and limited.
  ImageOptions imageOptions();

  /// On which lane a stage runs: stages of one lane take turns, those of different lanes can run at
  /// the same time and gain by it. All the same where stages are to run in order.
  default String lane(Stage stage) {
    return "";
  }

  /// Where the encoder says what it does.
  default Tracer tracer() {
    return Tracer.NONE;
  }

  /// Notes a graph that the encoder will compile, for the memory plan. To be called when the
  /// encoder is opened, before anything is compiled.
  ///
  /// @param bufferBytes what the encoder holds around it
  default void plan(Stage stage, Graph graph, int itemCountMax, long bufferBytes) {}

  /// Compiles `graph` on the backend that the placement gives `stage`, parts that it does not
  /// support on cpu. The encoder closes what it gets.
  CompiledGraph compile(Stage stage, Graph graph, int itemCountMax);
}
