// SPDX-License-Identifier: Apache-2.0

/// Still WebP pictures: VP8 key frames (RFC 6386), VP8L (RFC 9649) and alpha planes, equal to the
/// bit to what libwebp gives. Broken data ends in an `IOException` or an unchecked one.
@NullMarked
package dev.alcedo.vision.pipeline.internal.webp;

import org.jspecify.annotations.NullMarked;
