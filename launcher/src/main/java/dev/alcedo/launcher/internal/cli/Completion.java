// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.EngineClient;
import dev.alcedo.launcher.internal.message.CompleteRequest;
import dev.alcedo.launcher.internal.message.GenerationSpec;
import dev.alcedo.launcher.internal.message.Part;
import dev.alcedo.launcher.internal.message.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Continues raw prompts with a loaded model, each in a session of its own.
///
/// @param model handle of the loaded model
/// @param isProgress whether to draw progress lines
record Completion(EngineClient client, CommandContext context, String model, boolean isProgress) {
  /// Continues `prompt`; tokens go to `onToken` as they come.
  StreamEvent.Done run(
      RawPrompt prompt,
      List<PictureFile> pictures,
      GenerationSpec generation,
      Consumer<StreamEvent.Token> onToken) {
    List<Part> parts = prompt.parts(client, model, pictures);
    String session = Replies.await(client.openSession(model)).session();
    try {
      return new Generation(client, context, isProgress)
          .run(
              replyTo -> client.complete(new CompleteRequest(session, replyTo, parts, generation)),
              onToken);
    } finally {
      Replies.await(client.closeSession(session));
    }
  }

  /// Continues `prompt`; the object that `--json` prints.
  Map<String, Object> json(
      RawPrompt prompt, List<PictureFile> pictures, GenerationSpec generation) {
    var steps = new ArrayList<StreamEvent.Token>();
    return CompletionJson.of(steps, run(prompt, pictures, generation, steps::add));
  }
}
