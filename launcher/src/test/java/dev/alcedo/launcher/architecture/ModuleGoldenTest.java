// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What each module requires, exports, opens, uses and provides, as text, so that every change of
/// it is seen in review. Goldens are written anew with `-Dalcedo.golden=write`.
class ModuleGoldenTest {
  private static final Path GOLDENS = Path.of("src", "test", "resources", "modules");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "runtime-api",
        "backend-cpu",
        "backend-gpu",
        "backend-apu",
        "vision-pipeline",
        "launcher"
      })
  void theDescriptorIsTheGolden(String folder) throws Exception {
    ModuleDescriptor descriptor =
        ModuleFinder.of(Path.of("..", folder, "target", "classes"))
            .findAll()
            .iterator()
            .next()
            .descriptor();
    String text = String.join("\n", lines(descriptor)) + "\n";
    Path golden = GOLDENS.resolve(folder + ".txt");
    if ("write".equals(System.getProperty("alcedo.golden"))) {
      Files.writeString(golden, text);
    }
    assertEquals(Files.readString(golden), text);
  }

  private static List<String> lines(ModuleDescriptor module) {
    var lines = new ArrayList<String>();
    lines.add((module.isOpen() ? "open " : "") + "module " + module.name());
    sorted(
        lines,
        module.requires().stream()
            .filter(r -> !r.modifiers().contains(ModuleDescriptor.Requires.Modifier.MANDATED))
            .map(r -> "requires " + words(r.modifiers()) + r.name()));
    sorted(lines, module.exports().stream().map(e -> "exports " + e.source() + to(e.targets())));
    sorted(lines, module.opens().stream().map(o -> "opens " + o.source() + to(o.targets())));
    sorted(lines, module.uses().stream().map(u -> "uses " + u));
    sorted(
        lines,
        module.provides().stream()
            .map(p -> "provides " + p.service() + " with " + String.join(", ", p.providers())));
    return lines;
  }

  private static void sorted(List<String> lines, Stream<String> more) {
    more.sorted().forEach(lines::add);
  }

  private static String to(Set<String> targets) {
    return targets.isEmpty() ? "" : " to " + String.join(", ", targets.stream().sorted().toList());
  }

  private static String words(Set<ModuleDescriptor.Requires.Modifier> modifiers) {
    var words = new StringBuilder();
    modifiers.stream().map(m -> m.name().toLowerCase() + " ").sorted().forEach(words::append);
    return words.toString();
  }
}
