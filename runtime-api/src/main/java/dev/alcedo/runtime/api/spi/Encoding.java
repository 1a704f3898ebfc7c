// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

/// A picture that is to be encoded, with others if that is cheaper.
///
/// @param image the encoded bytes (PNG, JPEG, ...); not kept
/// @param result hears what becomes of it
/// @param cancellation of this picture; others go on
public record Encoding(byte[] image, Result result, Cancellation cancellation) {
  /// Hears of progress, image tokens, and one end.
  public interface Result extends EncodeListener {
    /// The picture is encoded.
    void encoded(ImageTokens tokens);

    /// It will not be.
    void failed(Throwable cause);
  }
}
