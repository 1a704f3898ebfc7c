// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The page at `/`: three resources of this module, read once. Nothing else can be read this way,
/// whatever the path says. The page may load from and talk to its own server alone.
final class WebPage {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
          + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private WebPage() {}

  static void route(Router router) {
    route(router, "/", "page.html", "text/html; charset=utf-8");
    route(router, "/page.css", "page.css", "text/css; charset=utf-8");
    route(router, "/page.js", "page.js", "text/javascript; charset=utf-8");
  }

  private static void route(Router router, String path, String resource, String type) {
    Buffer content = read(resource);
    router.get(path).handler(context -> send(context, content, type));
  }

  private static void send(RoutingContext context, Buffer content, String type) {
    context
        .response()
        .putHeader("Content-Type", type)
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("Cache-Control", "no-cache")
        .end(content);
  }

  private static Buffer read(String resource) {
    try (InputStream in = WebPage.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("%s is missing in this module".formatted(resource));
      }
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
