// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import java.util.List;

/// Turns pictures into image tokens. Opened for one mmproj file; whoever opened it closes it.
/// Encodes one picture at a time; other threads wait.
public interface Encoder extends AutoCloseable {
  /// What encoding this picture would give, without encoding it: size, grid, tiles, tokens. Reads
  /// the image header only.
  ///
  /// @param image the encoded bytes (PNG, JPEG, ...); not kept
  /// @throws dev.alcedo.runtime.api.InvalidRequestException if they are no picture that we read, or
  ///   exceed a limit
  ImageReport inspect(byte[] image);

  /// How the image tokens of this picture will stand in a prompt, without encoding it: the parts
  /// that [#encode] gives. Reads the image header only.
  ///
  /// @param image the encoded bytes (PNG, JPEG, ...); not kept
  /// @throws dev.alcedo.runtime.api.InvalidRequestException if they are no picture that we read, or
  ///   exceed a limit
  List<ImageTokens.Part> layout(byte[] image);

  /// Decodes, tiles and encodes one picture. Reports progress in tiles as `image`, and image tokens
  /// as they arrive.
  ///
  /// @param image the encoded bytes (PNG, JPEG, ...); not kept
  /// @throws dev.alcedo.runtime.api.InvalidRequestException if they are no picture that we read, or
  ///   exceed a limit
  /// @throws dev.alcedo.runtime.api.CancelledException if `cancellation` says so, between tile
  ///   batches
  ImageTokens encode(byte[] image, EncodeListener listener, Cancellation cancellation);

  /// Encodes pictures together: their tiles may share batches, and the results are those of
  /// [#encode] to the last bit. One that fails does not take the others with it. Throws nothing:
  /// each hears of its own end.
  ///
  /// @param pictures in the order in which they were handed in
  default void encodeAll(List<Encoding> pictures) {
    for (Encoding picture : pictures) {
      try {
        picture.cancellation().check();
        picture.result().encoded(encode(picture.image(), picture.result(), picture.cancellation()));
      } catch (Throwable e) { // whatever a decoder or a driver throws, who waits hears of it
        picture.result().failed(e);
      }
    }
  }

  /// Makes ready what encoding takes, weights and buffers; without it, the next picture does. Does
  /// nothing if it is ready.
  ///
  /// @throws dev.alcedo.runtime.api.VlmException if memory does not suffice or a driver refuses
  default void load() {}

  /// Gives up what encoding takes, weights and buffers; the next picture makes it ready again. Does
  /// nothing if nothing is held.
  default void release() {}

  /// Tokens of the longest bidirectional span that a picture can have, which the core must prefill
  /// in one run; 0 if there are none.
  default int bidirectionalTokenCountMax() {
    return 0;
  }

  /// What `inspect` shows, e.g. `bluelmv: tower 128 x 4 blocks, tiles of 64, 16 tokens a tile`.
  String describe();

  @Override
  void close();
}
