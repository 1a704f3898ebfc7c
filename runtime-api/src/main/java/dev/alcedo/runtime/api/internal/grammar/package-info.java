// SPDX-License-Identifier: Apache-2.0

/// Grammars that constrain sampling: GBNF texts, networks of bytes with calls, token masks computed
/// over a trie of the vocabulary. Grammars are hostile: everything here is bounded.
@NullMarked
package dev.alcedo.runtime.api.internal.grammar;

import org.jspecify.annotations.NullMarked;
