// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

/// A kind of image encoder, chosen by the projector of the mmproj file (`clip.projector_type`).
public interface EncoderProvider extends Provider {
  /// Whether this kind can run the vision tower and projector in `mmproj`. Never throws; names what
  /// it does not know.
  Support supports(Metadata mmproj);

  /// Opens the encoder: reads hyper-parameters, checks tensors, plans graphs. Weights stay unread
  /// until [Encoder#load] or the first picture.
  ///
  /// @throws dev.alcedo.runtime.api.VlmException if the file is broken, does not fit the text
  ///   model, or memory does not suffice
  Encoder open(EncoderContext context);
}
