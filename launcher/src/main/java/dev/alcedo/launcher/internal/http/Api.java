// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

/// What the server answers once a model is loaded.
///
/// @param openAi OpenAI's API
/// @param ollama Ollama's
/// @param images pictures ahead of their questions
record Api(OpenAi openAi, Ollama ollama, Images images) {
  private static final long KEPT_BYTES_MAX = 64L << 20;

  /// The APIs on the engines of `gate`; all of them together run as many requests as it lets.
  static Api of(
      ServerOptions options, Gate gate, Loading loading, Metrics metrics, PictureUrls urls) {
    var pictures = new KeptPictures(KEPT_BYTES_MAX);
    var answering = new Answering(gate, loading, metrics, urls, pictures);
    var served = new ServedModel(gate, options.modelName());
    return new Api(
        new OpenAi(served, options.defaults(), answering),
        new Ollama(served, options.defaults(), answering),
        new Images(gate, pictures));
  }
}
