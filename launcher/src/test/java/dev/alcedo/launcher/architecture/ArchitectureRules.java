// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What holds of all modules together (design.md, style.md). Each rule says why.
final class ArchitectureRules {
  /// Modules by their root packages.
  static final List<String> MODULES =
      List.of(
          "dev.alcedo.runtime.api",
          "dev.alcedo.backend.cpu",
          "dev.alcedo.backend.gpu",
          "dev.alcedo.backend.apu",
          "dev.alcedo.vision.pipeline",
          "dev.alcedo.launcher");

  static final ArchRule ARROWS_POINT_TO_THE_RUNTIME_API =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("runtime-api")
          .definedBy("dev.alcedo.runtime.api..")
          .layer("backend-cpu")
          .definedBy("dev.alcedo.backend.cpu..")
          .layer("backend-gpu")
          .definedBy("dev.alcedo.backend.gpu..")
          .layer("backend-apu")
          .definedBy("dev.alcedo.backend.apu..")
          .layer("vision-pipeline")
          .definedBy("dev.alcedo.vision.pipeline..")
          .layer("launcher")
          .definedBy("dev.alcedo.launcher..")
          .whereLayer("launcher")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("vision-pipeline")
          .mayOnlyBeAccessedByLayers("launcher")
          .whereLayer("backend-cpu")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("backend-gpu")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("backend-apu")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("runtime-api")
          .mayNotAccessAnyLayer()
          .because("backends and front ends are exchanged without touching each other");

  static final ArchRule BACKENDS_KNOW_NO_MODEL_FAMILY =
      noClasses()
          .that()
          .resideInAPackage("dev.alcedo.backend..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.alcedo.runtime.api..")
                  .and(
                      not(
                          resideInAnyPackage(
                              "dev.alcedo.runtime.api.spi",
                              "dev.alcedo.runtime.api.graph",
                              "dev.alcedo.runtime.api.tensor")))
                  .and(not(DescribedPredicate.describe("errors", ArchitectureRules::isError))))
          .because("a backend sees graphs and tensors, never models, sessions or requests");

  static final ArchRule INTERNAL_STAYS_INSIDE_ITS_MODULE =
      classes()
          .that()
          .resideInAPackage("dev.alcedo..")
          .should(dependOnForeignInternals())
          .because("internal packages are not exported; reflection must not get around that");

  static final ArchRule VECTOR_API_IN_ONE_PACKAGE =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.alcedo.backend.cpu.internal.vector..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jdk.incubator..")
          .because("an incubating API may change with every release of Java");

  static final ArchRule JNA_IN_BINDING_PACKAGES =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.alcedo.backend.gpu.internal.opencl..",
              "dev.alcedo.backend.apu.internal.neuron..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.sun.jna..")
          .because("native handles never leave the bindings");

  static final ArchRule VERTX_IN_THE_LAUNCHER =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.alcedo.launcher..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx..", "io.netty..")
          .because("the engine can be embedded without a bus");

  static final ArchRule HAZELCAST_IN_ONE_CLASS =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.alcedo.launcher.internal.cluster.HazelcastCluster")
          .and()
          .haveNameNotMatching(
              "dev\\.alcedo\\.launcher\\.internal\\.cluster\\.HazelcastCluster\\$.*")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.hazelcast..", "io.vertx.spi.cluster.hazelcast..")
          .because("the trimmed distribution is without them");

  static final ArchRule LOGBACK_IN_THE_LAUNCHER =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.alcedo.launcher.internal.config")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ch.qos.logback..")
          .because("whoever embeds the engine chooses where logs go");

  static final ArchRule STANDARD_STREAMS_IN_THE_COMMAND_LINE =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.alcedo.launcher.internal.cli", "dev.alcedo.launcher.internal.config")
          .and(not(DescribedPredicate.describe("child processes", ArchitectureRules::isChildMain)))
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .accessField(System.class, "in")
          .because("standard output carries answers only");

  static final ArchRule ENVIRONMENT_READ_IN_ONE_PLACE =
      noClasses()
          .that()
          .resideInAPackage("dev.alcedo.launcher..")
          .and()
          .resideOutsideOfPackage("dev.alcedo.launcher.internal.config")
          .should()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class)
          .orShould()
          .callMethod(System.class, "getProperty", String.class)
          .orShould()
          .callMethod(System.class, "getProperty", String.class, String.class)
          .because("settings have one reader");

  static final ArchRule NO_GENERIC_EXCEPTIONS =
      noClasses()
          .that()
          .resideInAPackage("dev.alcedo..")
          .should(makeGenericExceptions())
          .because("callers tell failures apart by their type");

  static final ArchRule LOGGERS_ARE_PRIVATE_STATIC_FINAL =
      fields()
          .that()
          .haveRawType("org.slf4j.Logger")
          .should()
          .bePrivate()
          .andShould()
          .beStatic()
          .andShould()
          .beFinal()
          .because("a logger belongs to one class");

  static final ArchRule NO_CYCLES_BETWEEN_PACKAGES =
      slices()
          .assignedFrom(new Packages())
          .should()
          .beFreeOfCycles()
          // The way in: the interface that users hold makes the engine behind it.
          .ignoreDependency(
              "dev.alcedo.runtime.api.Alcedo", "dev.alcedo.runtime.api.internal.session.Engine")
          .because("a package can be understood after those that it uses");

  static final ArchRule SERVICES_ARE_LOADED_IN_ONE_CLASS =
      noClasses()
          .that()
          .resideInAPackage("dev.alcedo..")
          .and()
          .doNotHaveFullyQualifiedName("dev.alcedo.runtime.api.internal.plan.Providers")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.ServiceLoader")
          .because("the choice among providers is made once");

  private ArchitectureRules() {}

  private static boolean isError(JavaClass type) {
    return type.getSimpleName().endsWith("Exception");
  }

  // The APU is probed in a child process that answers on its standard output (ADR 5).
  private static boolean isChildMain(JavaClass type) {
    return type.getPackageName().startsWith("dev.alcedo.backend.apu.internal.")
        && type.tryGetMethod("main", String[].class).isPresent();
  }

  private static Optional<String> module(String packageName) {
    return MODULES.stream()
        .filter(root -> packageName.equals(root) || packageName.startsWith(root + "."))
        .findFirst();
  }

  private static ArchCondition<JavaClass> dependOnForeignInternals() {
    return new ArchCondition<>("depend on internals of their own module only") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        Optional<String> own = module(type.getPackageName());
        type.getDirectDependenciesFromSelf().stream()
            .filter(d -> (d.getTargetClass().getPackageName() + ".").contains(".internal."))
            .filter(d -> d.getTargetClass().getPackageName().startsWith("dev.alcedo."))
            .filter(d -> !module(d.getTargetClass().getPackageName()).equals(own))
            .forEach(d -> events.add(SimpleConditionEvent.violated(d, d.getDescription())));
      }
    };
  }

  private static ArchCondition<JavaClass> makeGenericExceptions() {
    Set<String> generic =
        Set.of(
            "java.lang.Throwable",
            "java.lang.Exception",
            "java.lang.RuntimeException",
            "java.lang.Error");
    return new ArchCondition<>("make generic exceptions") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (JavaConstructorCall call : type.getConstructorCallsFromSelf()) {
          // A subclass calls its parent's constructor; that is not making one.
          boolean isSuper =
              type.getRawSuperclass().filter(s -> s.equals(call.getTargetOwner())).isPresent();
          if (generic.contains(call.getTargetOwner().getName()) && !isSuper) {
            events.add(SimpleConditionEvent.satisfied(call, call.getDescription()));
          }
        }
      }
    };
  }

  private static final class Packages implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      String name = type.getPackageName();
      if (!name.startsWith("dev.alcedo.")) {
        return SliceIdentifier.ignore();
      }
      // What the runtime API exports is one contract: its errors, SPIs and values need each other.
      boolean isContract =
          name.startsWith("dev.alcedo.runtime.api") && !(name + ".").contains(".internal.");
      return SliceIdentifier.of(isContract ? "the contract" : name);
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }
}
