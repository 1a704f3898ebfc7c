// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.launcher.internal.bus.EngineClient;
import dev.alcedo.launcher.internal.message.ModelReply;

/// What the server answers once a model is loaded.
///
/// @param openAi OpenAI's API
/// @param ollama Ollama's
/// @param images pictures ahead of their questions
record Api(OpenAi openAi, Ollama ollama, Images images) {
  /// The APIs on a model; all of them together run as many requests as `gate` lets.
  static Api of(
      ServerOptions options,
      EngineClient client,
      ModelReply loaded,
      Gate gate,
      Metrics metrics,
      PictureUrls urls) {
    var sessions = new SessionPool(client, loaded.model(), options.slotCount());
    var answering = new Answering(client, loaded.model(), gate, sessions, metrics, urls);
    String name = options.modelName();
    int contextLength = loaded.info().contextLength();
    return new Api(
        new OpenAi(options, client, loaded, answering),
        new Ollama(
            answering,
            new OllamaRequests(name, contextLength, options.defaults()),
            new OllamaReplies(name, loaded.info())),
        new Images(client, loaded.model()));
  }
}
