// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.examples.java.embedding;

import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.GenerationOptions;
import dev.alcedo.runtime.api.Image;
import dev.alcedo.runtime.api.Message;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.PromptPart;
import dev.alcedo.runtime.api.Request;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.TokenStream;
import dev.alcedo.runtime.api.spi.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Asks one question about one picture: `Ask MODEL MMPROJ PICTURE QUESTION`.
final class Ask {
  private Ask() {}

  /// Prints the answer as it comes.
  public static void main(String[] args) throws IOException {
    var options = ModelOptions.of(Path.of(args[0])).withMmproj(Path.of(args[1]));
    try (Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS);
        Model model = alcedo.load(options, Progress.NONE);
        Session session = model.openSession()) {
      Image image = model.prepare(Files.readAllBytes(Path.of(args[2])));
      var question =
          new Message(
              Message.Role.USER,
              List.of(new PromptPart.Picture(image), new PromptPart.Text(args[3])));
      TokenStream answer =
          session.generate(new Request.Chat(List.of(question), GenerationOptions.GREEDY));
      for (Optional<Token> token = answer.next(); token.isPresent(); token = answer.next()) {
        System.out.print(token.get().text());
        System.out.flush();
      }
      System.out.println();
    }
  }
}
