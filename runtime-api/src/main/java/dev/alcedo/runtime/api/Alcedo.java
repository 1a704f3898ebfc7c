// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import dev.alcedo.runtime.api.internal.session.Engine;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.nio.file.Path;
import java.util.List;

/// The way in: finds the providers on the module path, opens backends, loads models.
///
/// ```java
/// try (Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS);
///     Model model = alcedo.load(ModelOptions.of(text).withMmproj(mmproj), Progress.NONE);
///     Session session = model.openSession()) {
///   Image image = model.prepare(Files.readAllBytes(picture));
///   Message question = new Message(USER, List.of(new Picture(image), new Text("What is this?")));
///   session.generate(new Request.Chat(List.of(question), GREEDY)).await();
/// }
/// ```
///
/// Any thread; who opened it closes it, after its models.
public interface Alcedo extends AutoCloseable {
  /// Finds providers; opens no device yet.
  ///
  /// @throws IllegalStateException if two providers share an id; names both classes
  static Alcedo open(AlcedoOptions options) {
    return new Engine(options);
  }

  /// Like [#open(AlcedoOptions)], with `backends` besides those on the module path: for backends
  /// that an application makes itself, wrappers and tests. Weights and ids count as always.
  ///
  /// @throws IllegalStateException if two providers share an id; names both classes
  static Alcedo open(AlcedoOptions options, List<BackendProvider> backends) {
    return new Engine(options, backends);
  }

  /// Every backend with its devices, or its reason and remedy; in the order of preference.
  List<BackendStatus> backends();

  /// Loads a model. Reports progress in bytes as `load`.
  ///
  /// @throws VlmException naming the file, tensor, option or backend that is the matter
  Model load(ModelOptions options, Progress progress);

  /// What loading would give: reads metadata, places stages, plans memory. Weights stay mapped and
  /// unread.
  ///
  /// @throws VlmException as [#load] would
  ModelInfo inspect(ModelOptions options);

  /// The tokenizer of a GGUF file alone; the file needs no weights.
  ///
  /// @throws VlmException if the file is broken or its tokenizer unknown
  Tokenizer tokenizer(Path model);

  /// Everything that the file says of itself and what of it Alcedo can use. What it cannot use is
  /// named in the answer, with what is known.
  ///
  /// @throws VlmException if the file is broken
  ModelContents contents(Path file);

  /// Writes a model file again with other element types, e.g. 4 bits for 16. Reports progress in
  /// bytes read as `quantize`. The output is complete or not there; a cancelled or failed run
  /// leaves what was there before.
  ///
  /// @throws VlmException naming the file, tensor or option that is the matter
  QuantizeReport quantize(QuantizeOptions options, Progress progress, Cancellation cancellation);

  /// Writes a model file of random weights. An existing `target` is replaced once the new file is
  /// complete. Reports progress in bytes as `write`.
  ///
  /// @throws InvalidRequestException if the file cannot be written there
  /// @throws ResourceExhaustedException if it does not fit on the disk
  void synthesize(SyntheticModel model, Path target, Progress progress);

  /// A chat template on its own.
  ///
  /// @param name which template it is, for messages, e.g. a file name
  /// @param jinja its text
  /// @throws ModelFormatException if it is no Jinja, uses what is not known here, or is too large;
  ///   names template and line
  PromptTemplate template(String name, String jinja);

  @Override
  void close();
}
