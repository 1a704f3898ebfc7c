// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import java.util.List;

/// Token ids of a text.
///
/// @param tokenizer kind and size, for people
/// @param ids token ids
/// @param pieces their spelling in the vocabulary
public record TokenizeReply(String tokenizer, List<Integer> ids, List<String> pieces) {}
