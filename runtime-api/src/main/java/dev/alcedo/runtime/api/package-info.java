// SPDX-License-Identifier: Apache-2.0

/// What a user of the library holds: [dev.alcedo.runtime.api.Alcedo] opens models, a model opens
/// sessions, a session answers. Errors live here too. Nothing here computes.
@NullMarked
package dev.alcedo.runtime.api;

import org.jspecify.annotations.NullMarked;
