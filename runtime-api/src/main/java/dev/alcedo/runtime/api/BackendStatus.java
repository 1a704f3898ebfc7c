// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import dev.alcedo.runtime.api.spi.Availability;

/// What a backend said when it was asked whether it can run here.
///
/// @param id of the backend
/// @param weight its preference
/// @param availability devices, or reason and remedy
public record BackendStatus(String id, int weight, Availability availability) {}
