// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.LocalEngine;
import dev.alcedo.launcher.internal.config.ModelArguments;
import dev.alcedo.launcher.internal.config.Settings;
import dev.alcedo.launcher.internal.message.TemplateReply;
import dev.alcedo.launcher.internal.message.TemplateRequest;
import dev.alcedo.runtime.api.AlcedoOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Renders a chat template.
@Command(
    name = "template",
    description = {
      "Renders a chat template: that of a model file, or a Jinja file.",
      "Prints exactly what the template writes."
    },
    footer = {
      "",
      "Variables are what templates of the transformers library take: messages,",
      "tools, documents, add_generation_prompt, bos_token, eos_token and the",
      "template's own. Without messages there is one, 'Hello'. A model's bos_token",
      "and eos_token are filled in.",
      "",
      "Examples:",
      "  alcedo template --model m.gguf --generation-prompt",
      "  alcedo template --file t.jinja --variables @talk.json",
      "  alcedo template --variables '{\"tools\": [], \"enable_thinking\": false}'"
    })
final class TemplateCommand extends EngineCommand {
  @Mixin private ModelArguments model = new ModelArguments();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "JINJA",
      description = "A template in a file of its own, instead of a model's.")
  private @Nullable Path file;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "Which of a model's templates, e.g. tool_use. Default: its main one, or tool_use where it"
              + " has one and there are tools.")
  private @Nullable String name;

  @Option(
      names = "--variables",
      paramLabel = "JSON",
      description = "Variables as a JSON object, or @FILE with one.")
  private @Nullable String variables;

  @Option(names = "--generation-prompt", description = "Open the model's next answer.")
  private boolean isAnswerOpened;

  @Option(
      names = "--date",
      paramLabel = "DATE",
      description = "What templates take for today, e.g. 2024-07-26. Default: today.")
  private @Nullable String date;

  TemplateCommand(CommandContext context) {
    super(context);
  }

  @Override
  ExitStatus execute() {
    var request =
        new TemplateRequest(
            file == null ? Settings.spec(model, context().environment()).file() : null,
            name,
            file == null ? null : InputFiles.text(file),
            variables(),
            isAnswerOpened,
            date);
    try (LocalEngine engine = engine(AlcedoOptions.DEFAULTS)) {
      TemplateReply reply = Replies.await(engine.client().template(request));
      console().printWhole(reply.text());
    }
    return ExitStatus.OK;
  }

  private @Nullable String variables() {
    return variables != null && variables.startsWith("@")
        ? InputFiles.text(Path.of(variables.substring(1)))
        : variables;
  }
}
