// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

/// The metadata keys of a tokenizer, as in the GGUF specification.
final class TokenizerKeys {
  static final String MODEL = "tokenizer.ggml.model";
  static final String PRE = "tokenizer.ggml.pre";
  static final String TOKENS = "tokenizer.ggml.tokens";
  static final String TYPES = "tokenizer.ggml.token_type";
  static final String SCORES = "tokenizer.ggml.scores";
  static final String MERGES = "tokenizer.ggml.merges";
  static final String BOS_ID = "tokenizer.ggml.bos_token_id";
  static final String EOS_ID = "tokenizer.ggml.eos_token_id";
  static final String EOT_ID = "tokenizer.ggml.eot_token_id";
  static final String EOM_ID = "tokenizer.ggml.eom_token_id";
  static final String SEPARATOR_ID = "tokenizer.ggml.seperator_token_id"; // spelled so in files
  static final String UNKNOWN_ID = "tokenizer.ggml.unknown_token_id";
  static final String ADD_BOS = "tokenizer.ggml.add_bos_token";
  static final String ADD_EOS = "tokenizer.ggml.add_eos_token";
  static final String ADD_SPACE_PREFIX = "tokenizer.ggml.add_space_prefix";
  static final String REMOVE_EXTRA_SPACES = "tokenizer.ggml.remove_extra_whitespaces";
  static final String CHARS_MAP = "tokenizer.ggml.precompiled_charsmap";
  static final String LOWERS_CASE = "tokenizer.ggml.normalizer.lowercase";
  static final String STRIPS_ACCENTS = "tokenizer.ggml.normalizer.strip_accents";
  static final String CHAT_TEMPLATE = "tokenizer.chat_template";
  static final String NAME = "general.name";
  static final String ARCHITECTURE = "general.architecture";

  private TokenizerKeys() {}
}
