// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

/// What the reader accepts at most. Every limit is far above what published models need and low
/// enough that a hostile file cannot exhaust memory; `docs/formats.md` lists them.
final class GgufLimits {
  /// Bytes of a metadata key (GGUF specification).
  static final int KEY_BYTES_MAX = 65_535;

  /// Bytes of a string value: a whole tokenizer.json is about 30 MiB.
  static final int STRING_BYTES_MAX = 128 << 20;

  /// Elements of a metadata array: Gemma 3 has 514,906 merges.
  static final int ARRAY_LENGTH_MAX = 1 << 24;

  /// Key/value pairs of a file: published files have 20 to 60.
  static final int KEY_COUNT_MAX = 1 << 16;

  /// Tensors of a file: the largest mixture-of-experts files have about 30,000.
  static final int TENSOR_COUNT_MAX = 1 << 17;

  /// Bytes of a tensor name; ggml itself stops at 63.
  static final int NAME_BYTES_MAX = 255;

  /// Dimensions of a tensor (`GGML_MAX_DIMS`).
  static final int RANK_MAX = 4;

  /// Where `general.alignment` is missing.
  static final int ALIGNMENT_DEFAULT = 32;

  /// The specification asks for a multiple of 8.
  static final int ALIGNMENT_MIN = 8;

  /// Above the largest page size in use, 64 KiB.
  static final int ALIGNMENT_MAX = 1 << 20;

  /// Heap that all metadata and tensor entries of one file may take, in bytes, by estimate: Gemma 3
  /// takes about 60 MiB.
  static final long HEAP_BYTES_MAX = 384L << 20;

  private GgufLimits() {}
}
