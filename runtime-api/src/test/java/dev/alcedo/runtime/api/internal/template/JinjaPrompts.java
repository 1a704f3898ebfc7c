// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import dev.alcedo.runtime.api.Message;
import dev.alcedo.runtime.api.internal.template.jinja.Jinja;
import dev.alcedo.runtime.api.internal.template.jinja.Text;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Renders templates without probing them, which would refuse those that change what is said.
final class JinjaPrompts {
  private JinjaPrompts() {}

  static Prompt render(String jinja, List<Message> messages) {
    var style = new TemplateStyle(true, false, Optional.empty(), true, true);
    Text text =
        Jinja.parse("test", jinja)
            .render(
                Map.of("messages", new ConversationValues(style, ContentShape.STRING).of(messages)),
                LocalDateTime.MIN);
    var prompt = new Prompt.Builder();
    int stop;
    for (int i = 0; i < text.length(); i = stop) {
      stop = text.runEnd(i);
      String run = text.string().substring(i, stop);
      if (text.markAt(i) == Text.WRITTEN) {
        prompt.template(run);
      } else {
        prompt.content(run);
      }
    }
    return prompt.build();
  }
}
