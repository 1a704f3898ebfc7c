// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.launcher.internal.message.ImageReply;
import dev.alcedo.runtime.api.spi.ImageReport;
import io.vertx.core.json.JsonObject;
import java.util.regex.Pattern;

/// Pictures that are handed in ahead of their questions: their encoding begins at once. Requests
/// then name them by `alcedo:` and their handle, which is the hash of their content.
final class Images {
  private static final String SCHEME = "alcedo:";
  private static final Pattern HANDLE = Pattern.compile("[0-9A-Za-z_-]{1,64}");

  private final Gate gate;
  private final KeptPictures pictures;

  /// @param pictures keeps those that were handed in to other processes
  Images(Gate gate, KeptPictures pictures) {
    this.gate = gate;
    this.pictures = pictures;
  }

  /// Takes a picture in.
  void prepare(Call call, Fields body) {
    body.required("image");
    byte[] bytes = DataUrl.picture("image", String.valueOf(body.text("image")));
    body.end();
    Engine engine = gate.any();
    ImageReply reply = call.await(engine.client().prepare(engine.model(), bytes));
    if (engine.isRemote()) {
      pictures.put(reply.image(), bytes);
    }
    call.reply(200, json(reply));
  }

  /// Whether a URL names a picture that was handed in.
  static boolean isHandle(String url) {
    return url.startsWith(SCHEME);
  }

  /// The handle in a URL.
  ///
  /// @throws HttpFailure if it cannot be one
  static String handle(String field, String url) {
    String handle = url.substring(SCHEME.length());
    if (!HANDLE.matcher(handle).matches()) {
      throw HttpFailure.invalid(field, "expected alcedo: and a handle that /v1/images gave");
    }
    return handle;
  }

  private static JsonObject json(ImageReply reply) {
    ImageReport report = reply.report();
    return new JsonObject()
        .put("id", reply.image())
        .put("object", "image")
        .put("width", report.width())
        .put("height", report.height())
        .put(
            "grid",
            new JsonObject().put("columns", report.gridCols()).put("rows", report.gridRows()))
        .put("has_overview", report.hasOverview())
        .put("tiles", report.tileCount())
        .put("image_tokens", report.tokenCount());
  }
}
