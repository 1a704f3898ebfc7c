// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline;

import dev.alcedo.runtime.api.EncodingOptions;
import dev.alcedo.runtime.api.EncodingOptions.Lever;
import dev.alcedo.runtime.api.EncodingOptions.Residence;
import dev.alcedo.runtime.api.GenerationOptions;
import dev.alcedo.runtime.api.Image;
import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.Message;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.PromptPart;
import dev.alcedo.runtime.api.Request;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.TokenStream;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.Stage;
import dev.alcedo.testkit.SlowBackend;
import dev.alcedo.vision.pipeline.internal.TestPictures;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/// Which levers are on, and the shipped Alcedo-Tiny under them.
///
/// @param isOwnDevice whether the tower's blocks run on the device `npu`
record Levers(
    String scheduler, Lever follows, Residence residence, int tileBatch, boolean isOwnDevice) {
  private static final Path FOLDER = Path.of("..", "examples", "models", "alcedo-tiny");
  private static final String QUESTION = "How many shapes are there?";

  /// Noise in two tiles and an overview.
  static byte[] smallPicture(int number) {
    return TestPictures.png(TestPictures.noise(120 + number, 60));
  }

  /// Noise in six tiles and an overview; each number gives another.
  static byte[] picture(int number) {
    return TestPictures.png(TestPictures.noise(180 + number, 128));
  }

  static BackendProvider backend(String id) {
    Levers.class.getModule().addUses(BackendProvider.class);
    return ServiceLoader.load(BackendProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(p -> p.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  static SlowBackend device(String id, Duration perRun, Duration perItem) {
    return new SlowBackend(backend("cpu"), id, perRun, perItem);
  }

  ModelOptions options() {
    Map<Stage, String> stages = new EnumMap<>(Stage.class);
    if (isOwnDevice) {
      stages.put(Stage.VISION_BLOCKS, "npu");
    }
    return ModelOptions.of(FOLDER.resolve("alcedo-tiny-q8_0.gguf"))
        .withMmproj(FOLDER.resolve("mmproj-alcedo-tiny-q8_0.gguf"))
        .withBackend("cpu")
        .withStages(stages)
        .withChunkLength(32)
        .withScheduler(scheduler)
        .withEncoding(EncodingOptions.DEFAULTS.prefillFollows(follows).residence(residence))
        .withImage(ImageOptions.DEFAULTS.tileBatchMax(tileBatch));
  }

  /// At most `tokenCountMax` tokens, each with its eight best candidates.
  ///
  /// @param isEndIgnored whether to go on after the end token
  static Request question(int tokenCountMax, boolean isEndIgnored, Image... images) {
    var parts = new ArrayList<PromptPart>();
    for (Image image : images) {
      parts.add(new PromptPart.Picture(image));
    }
    parts.add(new PromptPart.Text(QUESTION));
    var options =
        new GenerationOptions(tokenCountMax, 0, 0, 1, 0, 1, 64, 0, List.of(), isEndIgnored, 8);
    return new Request.Chat(List.of(new Message(Message.Role.USER, parts)), options);
  }

  static Request question(Image... images) {
    return question(8, false, images);
  }

  /// All tokens of an answer about `pictures`.
  static List<Token> ask(Model model, byte[]... pictures) {
    Image[] images = new Image[pictures.length];
    for (int i = 0; i < images.length; i++) {
      images[i] = model.prepare(pictures[i]);
    }
    try (Session session = model.openSession()) {
      TokenStream stream = session.generate(question(images));
      var tokens = new ArrayList<Token>();
      for (Optional<Token> next = stream.next(); next.isPresent(); next = stream.next()) {
        tokens.add(next.get());
      }
      return tokens;
    }
  }
}
