// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.architecture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// All rules of [ArchitectureRules] over all classes of all modules.
class ArchitectureTest {
  private static final List<String> FOLDERS =
      List.of(
          "runtime-api",
          "backend-cpu",
          "backend-gpu",
          "backend-apu",
          "vision-pipeline",
          "launcher");

  private static JavaClasses classes;

  @BeforeAll
  static void importClasses() {
    List<Path> paths =
        FOLDERS.stream().map(folder -> Path.of("..", folder, "target", "classes")).toList();
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPaths(paths);
  }

  static Stream<Field> rules() {
    return Arrays.stream(ArchitectureRules.class.getDeclaredFields())
        .filter(field -> field.getType().equals(ArchRule.class));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void theRuleHolds(Field rule) throws IllegalAccessException {
    ((ArchRule) rule.get(null)).check(classes);
  }

  @Test
  void classesOfEveryModuleWereSeen() {
    for (String root : ArchitectureRules.MODULES) {
      long count = classes.stream().filter(c -> c.getPackageName().startsWith(root)).count();
      assertTrue(count >= 8, root + ": classes imported: " + count);
    }
  }
}
