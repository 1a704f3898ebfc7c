// SPDX-License-Identifier: Apache-2.0
import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import com.google.googlejavaformat.java.ImportOrderer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Checks (`check ROOT`) or rewrites (`fix ROOT`) every Java source of the project with the pinned
/// google-java-format. Run by the root pom.
class Format {
  public static void main(String[] args) throws Exception {
    boolean isFix = args[0].equals("fix");
    Path root = Path.of(args[1]);
    var formatter = new Formatter(JavaFormatterOptions.defaultOptions());
    List<Path> wrong = new ArrayList<>();
    for (Path file : sources(root)) {
      String before = Files.readString(file);
      String imports = ImportOrderer.reorderImports(RemoveUnusedImports.removeUnusedImports(before), JavaFormatterOptions.Style.GOOGLE);
      String after = formatter.formatSource(imports);
      if (after.equals(before)) {
        continue;
      }
      wrong.add(root.relativize(file));
      if (isFix) {
        Files.writeString(file, after);
      }
    }
    if (isFix) {
      System.out.println("formatted " + wrong.size() + " files");
    } else if (!wrong.isEmpty()) {
      wrong.forEach(f -> System.err.println("not formatted: " + f));
      System.err.println("run: mvn -N process-sources -Dalcedo.format=fix");
      System.exit(1);
    }
  }

  private static List<Path> sources(Path root) throws Exception {
    try (var files = Files.walk(root)) {
      return files
          .filter(f -> f.toString().endsWith(".java"))
          .filter(f -> !f.toString().contains("/target/") && !f.toString().contains("/.build/"))
          .sorted()
          .toList();
    }
  }
}
