// SPDX-License-Identifier: Apache-2.0

/// Text to token ids and back: SentencePiece's BPE (`spm`) and Unigram (`ugm`), byte-pair encoding
/// (`bpe`) and WordPiece (`wpm`) from the tables of a GGUF file, with the ids that llama.cpp gives.
/// Chat templates live next door.
@NullMarked
package dev.alcedo.runtime.api.internal.tokenizer;

import org.jspecify.annotations.NullMarked;
