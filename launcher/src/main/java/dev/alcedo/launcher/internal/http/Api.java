// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.launcher.internal.bus.EngineClient;
import dev.alcedo.launcher.internal.message.ModelReply;

/// What the server answers once a model is loaded.
///
/// @param openAi OpenAI's API
/// @param images pictures ahead of their questions
record Api(OpenAi openAi, Images images) {
  Api(ServerOptions options, EngineClient client, ModelReply loaded, Gate gate) {
    this(
        new OpenAi(
            options,
            client,
            loaded,
            new Answering(
                client,
                loaded.model(),
                gate,
                new SessionPool(client, loaded.model(), options.slotCount()))),
        new Images(client, loaded.model()));
  }
}
