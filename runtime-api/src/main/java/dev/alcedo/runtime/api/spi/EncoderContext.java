// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.graph.Graph;
import java.util.OptionalInt;
import java.util.function.IntSupplier;

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

  /// A number that has to be measured: as it was found before on the device of `stage`, or as
  /// `measure` finds it now, remembered for the next time. Empty while a model is looked at only,
  /// if it is not known.
  ///
  /// @param what names number and shapes that it depends on
  /// @param measure compiles and runs; gives 1 or more
  default OptionalInt measuredOnce(Stage stage, String what, IntSupplier measure) {
    return OptionalInt.of(measure.getAsInt());
  }

  /// Compiles `graph` on the backend that the placement gives `stage`, parts that it does not
  /// support on cpu. The encoder closes what it gets.
  CompiledGraph compile(Stage stage, Graph graph, int itemCountMax);
}
