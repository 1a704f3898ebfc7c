// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.schema;

/// A JSON schema that answers cannot be held to.
public final class SchemaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String path;
  private final String problem;
  private final boolean isUnsupported;

  private SchemaException(String path, String problem, boolean isUnsupported) {
    super(path.isEmpty() ? problem : path + ": " + problem);
    this.path = path;
    this.problem = problem;
    this.isUnsupported = isUnsupported;
  }

  static SchemaException wrong(String path, String problem) {
    return new SchemaException(path, problem, false);
  }

  static SchemaException unsupported(String path, String problem) {
    return new SchemaException(path, problem, true);
  }

  /// Where in the schema, with dots; empty for all of it.
  public String path() {
    return path;
  }

  /// What was expected and what was there.
  public String problem() {
    return problem;
  }

  /// Whether the schema may be right, but is more than we do.
  public boolean isUnsupported() {
    return isUnsupported;
  }
}
