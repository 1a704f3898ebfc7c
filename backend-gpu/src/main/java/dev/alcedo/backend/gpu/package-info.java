// SPDX-License-Identifier: Apache-2.0

/// The backend `gpu`: its provider, and what it tells people about the OpenCL devices it found. No
/// native call lives here.
@NullMarked
package dev.alcedo.backend.gpu;

import org.jspecify.annotations.NullMarked;
