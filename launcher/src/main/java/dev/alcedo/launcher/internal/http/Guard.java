// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who may ask: holders of a key, where there are keys. Without keys the server listens on loopback
/// only, and then every web page that the user's browser shows could reach it: requests that name
/// another host or come from another page's origin are refused.
final class Guard {
  private static final String BEARER = "Bearer ";
  private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

  private final List<byte[]> keyHashes;
  private final String host;

  Guard(List<String> keys, String host) {
    this.keyHashes = keys.stream().map(Guard::hash).toList();
    this.host = host.toLowerCase(Locale.ROOT);
  }

  /// Lets pages of other origins in nowhere.
  ///
  /// @throws HttpFailure with status 403
  void checkOrigin(HttpServerRequest request) {
    String name = request.authority() == null ? "" : request.authority().host();
    if (keyHashes.isEmpty() && !isOwn(name)) {
      throw forbidden("Host: expected this machine's loopback address");
    }
    String origin = request.getHeader("Origin");
    if (origin != null && !isSame(origin, request)) {
      throw forbidden("Origin: expected this server's own pages");
    }
  }

  /// Lets in whoever has a key, if there are keys.
  ///
  /// @throws HttpFailure with status 401
  void checkKey(HttpServerRequest request) {
    if (keyHashes.isEmpty()) {
      return;
    }
    String header = request.getHeader("Authorization");
    boolean isBearer = header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length());
    byte[] given = hash(isBearer ? header.substring(BEARER.length()).strip() : "");
    boolean isKnown = false;
    for (byte[] known : keyHashes) {
      isKnown |= MessageDigest.isEqual(known, given); // all of them: time tells nothing
    }
    if (!isBearer || !isKnown) {
      throw new HttpFailure(
          401,
          "authentication_error",
          "invalid_api_key",
          null,
          "Authorization: expected 'Bearer ' and a key of this server");
    }
  }

  private boolean isOwn(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return OWN_NAMES.contains(lower) || lower.equals(host);
  }

  private static boolean isSame(String origin, HttpServerRequest request) {
    try {
      return String.valueOf(request.getHeader("Host"))
          .equalsIgnoreCase(String.valueOf(new URI(origin).getAuthority()));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static HttpFailure forbidden(String message) {
    return HttpFailure.refused(403, "forbidden", message);
  }

  private static byte[] hash(@Nullable String key) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(String.valueOf(key).getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
