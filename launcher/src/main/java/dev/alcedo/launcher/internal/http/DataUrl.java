// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import java.util.Base64;
import java.util.Locale;

/// Pictures inside of requests: `data:image/png;base64,...`. Of other URLs see [PictureUrls].
final class DataUrl {
  private static final String BASE64 = ";base64";

  private DataUrl() {}

  /// Whether a URL names another server.
  static boolean isRemote(String url) {
    return url.startsWith("http://") || url.startsWith("https://");
  }

  /// The encoded bytes.
  ///
  /// @param field for messages, which never repeat the URL
  /// @throws HttpFailure if it is no data URL of a picture
  static byte[] picture(String field, String url) {
    int comma = url.indexOf(',');
    String head = comma < 0 ? "" : url.substring(0, comma).toLowerCase(Locale.ROOT);
    if (!head.startsWith("data:image/") || !head.endsWith(BASE64)) {
      throw HttpFailure.invalid(
          field, "expected a picture as data:image/...;base64,...; other URLs are not followed");
    }
    return base64(field, url.substring(comma + 1));
  }

  /// The bytes of base64.
  ///
  /// @throws HttpFailure if it is none
  static byte[] base64(String field, String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (bytes.length == 0) {
        throw HttpFailure.invalid(field, "expected a picture in base64, got nothing");
      }
      return bytes;
    } catch (IllegalArgumentException e) {
      throw HttpFailure.invalid(field, "expected a picture in base64, got other characters");
    }
  }
}
