// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import java.util.List;

/// Token ids to text.
///
/// @param model handle of a loaded model
/// @param ids of its vocabulary
public record DetokenizeRequest(String model, List<Integer> ids) {}
