// SPDX-License-Identifier: Apache-2.0

/// A safe interpreter of the Jinja that chat templates are written in: lexer, parser, a small
/// sealed tree, evaluator. Values are a closed set; nothing is reachable but what was handed in.
/// Steps, nesting, memory and output are limited. Characters carry who wrote them.
@NullMarked
package dev.alcedo.runtime.api.internal.template.jinja;

import org.jspecify.annotations.NullMarked;
