// SPDX-License-Identifier: Apache-2.0

/// Model families: hyper-parameters from metadata, graphs from weights. One class for each family;
/// no kernels, no file format.
@NullMarked
package dev.alcedo.runtime.api.internal.family;

import org.jspecify.annotations.NullMarked;
