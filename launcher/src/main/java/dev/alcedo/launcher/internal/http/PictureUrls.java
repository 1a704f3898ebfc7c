// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;

/// Pictures at other servers, of which none is fetched but those below an address that was allowed
/// when this server was started: a server that fetches what strangers name reaches what they
/// cannot. No redirect is followed, and size and time are bounded.
final class PictureUrls {
  private static final Duration TIME_MAX = Duration.ofSeconds(30);

  private final List<String> prefixes;
  private final long bytesMax;
  private final HttpClient client;

  /// @param prefixes each a URL with a path, which ends in `/`
  PictureUrls(Vertx vertx, List<String> prefixes, long bytesMax) {
    this.prefixes = prefixes;
    this.bytesMax = bytesMax;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout((int) TIME_MAX.toMillis() / 3));
  }

  /// Refuses URLs that are not below an allowed one.
  ///
  /// @param field for the message, which does not repeat the URL
  /// @throws HttpFailure with status 400
  void check(String field, String url) {
    if (prefixes.stream().noneMatch(url::startsWith) || !isPlain(url)) {
      throw HttpFailure.invalid(
          field,
          prefixes.isEmpty()
              ? "expected a picture as data:image/...;base64,...; other URLs are not followed"
              : "expected a picture as data:image/...;base64,... or a URL that this server may follow");
    }
  }

  // A prefix says nothing of a path that climbs out of it, or of one that another server decodes.
  private static boolean isPlain(String url) {
    try {
      URI uri = new URI(url);
      String path = uri.getRawPath();
      return uri.getRawUserInfo() == null
          && uri.equals(uri.normalize())
          && !path.contains("%")
          && !path.contains("\\")
          && !path.contains("//");
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /// The bytes at a URL that was checked.
  ///
  /// @throws HttpFailure if it has none, or too many, or takes too long
  byte[] fetch(Call call, String url) {
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(url)
            .setFollowRedirects(false)
            .setTimeout(TIME_MAX.toMillis());
    Future<byte[]> bytes =
        client
            .request(request)
            .compose(sent -> sent.send())
            .compose(this::read)
            .timeout(TIME_MAX.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
            .recover(
                cause -> Future.failedFuture(cause instanceof HttpFailure ? cause : unreachable()));
    return call.await(bytes);
  }

  private Future<byte[]> read(HttpClientResponse response) {
    Promise<byte[]> promise = Promise.promise();
    response.exceptionHandler(_ -> promise.tryFail(unreachable()));
    if (response.statusCode() != 200) {
      response.request().reset();
      return Future.failedFuture(
          wrong("its server answered with status %d".formatted(response.statusCode())));
    }
    Buffer body = Buffer.buffer();
    response.handler(piece -> {
      if (body.length() + (long) piece.length() > bytesMax) {
        promise.tryFail(wrong("it has more than %d bytes".formatted(bytesMax)));
        response.request().reset();
      } else {
        body.appendBuffer(piece);
      }
    });
    response.endHandler(_ -> promise.tryComplete(body.getBytes()));
    return promise.future();
  }

  private static HttpFailure unreachable() {
    return wrong("its server did not answer in time");
  }

  private static HttpFailure wrong(String problem) {
    return HttpFailure.refused(
        400, "image_unavailable", "the picture at the URL cannot be had: " + problem);
  }
}
