// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.probe;

import java.util.List;
import java.util.Locale;

/// Which of a library's devices are APUs. Names seen are `mtk-mdla`, `mtk-neuron`, `mtk-dsp`,
/// `mtk-vpu`; NeuroPilot lists the CPU and the GPU as devices, too, and our own backends are better
/// at those.
public final class ApuNames {
  private static final List<String> OTHERS = List.of("cpu", "gpu");

  private ApuNames() {}

  /// Whether a device of this name is offered without being asked for.
  public static boolean isApu(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return OTHERS.stream().noneMatch(lower::contains);
  }
}
