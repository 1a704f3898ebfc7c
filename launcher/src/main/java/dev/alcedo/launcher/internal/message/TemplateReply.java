// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

/// A rendered chat template.
///
/// @param text what the template wrote
public record TemplateReply(String text) {}
