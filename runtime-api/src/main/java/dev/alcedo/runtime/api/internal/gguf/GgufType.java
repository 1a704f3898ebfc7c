// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import java.util.Optional;

/// Types of metadata values; the ordinal is GGUF's number (specification,
/// `gguf_metadata_value_type`).
enum GgufType {
  UINT8(1),
  INT8(1),
  UINT16(2),
  INT16(2),
  UINT32(4),
  INT32(4),
  FLOAT32(4),
  BOOL(1),
  STRING(8),
  ARRAY(12),
  UINT64(8),
  INT64(8),
  FLOAT64(8);

  private static final GgufType[] BY_ID = values();

  /// Bytes that a value takes in the file; of a string or array, the least.
  final int bytesMin;

  GgufType(int bytesMin) {
    this.bytesMin = bytesMin;
  }

  int id() {
    return ordinal();
  }

  static Optional<GgufType> ofId(long id) {
    return id < 0 || id >= BY_ID.length ? Optional.empty() : Optional.of(BY_ID[(int) id]);
  }
}
