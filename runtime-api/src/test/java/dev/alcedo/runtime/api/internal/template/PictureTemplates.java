// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

/// Templates in the manner of those that vision-language models come with.
final class PictureTemplates {
  /// SmolVLM, Idefics 3: parts only; no space before a picture that comes first.
  static final String SMOLVLM =
      "<|im_start|>{% for message in messages %}{{ message['role'] | capitalize }}"
          + "{% if message['content'][0]['type'] == 'image' %}{{ ':' }}{% else %}{{ ': ' }}{% endif %}"
          + "{% for line in message['content'] %}{% if line['type'] == 'text' %}{{ line['text'] }}"
          + "{% elif line['type'] == 'image' %}{{ '<image>' }}{% endif %}{% endfor %}<end_of_utterance>\n"
          + "{% endfor %}{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}";

  /// Qwen2-VL: both; a system prompt of its own.
  static final String QWEN2VL =
      "{% set image_count = namespace(value=0) %}{% for message in messages %}"
          + "{% if loop.first and message['role'] != 'system' %}<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n{% endif %}"
          + "<|im_start|>{{ message['role'] }}\n{% if message['content'] is string %}{{ message['content'] }}<|im_end|>\n"
          + "{% else %}{% for content in message['content'] %}"
          + "{% if content['type'] == 'image' or 'image' in content or 'image_url' in content %}"
          + "{% set image_count.value = image_count.value + 1 %}{% if add_vision_id %}Picture {{ image_count.value }}: {% endif %}"
          + "<|vision_start|><|image_pad|><|vision_end|>{% elif 'text' in content %}{{ content['text'] }}{% endif %}"
          + "{% endfor %}<|im_end|>\n{% endif %}{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

  /// Gemma 3: both; no system role of its own but a place for it; roles alternate.
  static final String GEMMA3 =
      """
      {{ bos_token }}
      {%- if messages[0]['role'] == 'system' -%}
          {%- if messages[0]['content'] is string -%}
              {%- set first_user_prefix = messages[0]['content'] + '\n\n' -%}
          {%- else -%}
              {%- set first_user_prefix = messages[0]['content'][0]['text'] + '\n\n' -%}
          {%- endif -%}
          {%- set loop_messages = messages[1:] -%}
      {%- else -%}
          {%- set first_user_prefix = "" -%}
          {%- set loop_messages = messages -%}
      {%- endif -%}
      {%- for message in loop_messages -%}
          {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
              {{ raise_exception("Conversation roles must alternate user/assistant/user/assistant/...") }}
          {%- endif -%}
          {%- set role = "model" if message['role'] == 'assistant' else message['role'] -%}
          {{ '<start_of_turn>' + role + '\n' + (first_user_prefix if loop.first else "") }}
          {%- if message['content'] is string -%}
              {{ message['content'] | trim }}
          {%- elif message['content'] is iterable -%}
              {%- for item in message['content'] -%}
                  {%- if item['type'] == 'image' -%}
                      {{ '<start_of_image>' }}
                  {%- elif item['type'] == 'text' -%}
                      {{ item['text'] | trim }}
                  {%- endif -%}
              {%- endfor -%}
          {%- else -%}
              {{ raise_exception("Invalid content type") }}
          {%- endif -%}
          {{ '<end_of_turn>\n' }}
      {%- endfor -%}
      {%- if add_generation_prompt -%}
          {{ '<start_of_turn>model\n' }}
      {%- endif -%}
      """;

  /// LLaVA 1.5 for transformers: parts only; pictures first, each on a line.
  static final String LLAVA =
      "{% for message in messages %}{% if message['role'] != 'system' %}{{ message['role'].upper() + ': ' }}{% endif %}"
          + "{% for content in message['content'] | selectattr('type', 'equalto', 'image') %}{{ '<image>\n' }}{% endfor %}"
          + "{% if message['role'] != 'assistant' %}"
          + "{% for content in message['content'] | selectattr('type', 'equalto', 'text') %}{{ content['text'] + ' ' }}{% endfor %}"
          + "{% else %}{% for content in message['content'] | selectattr('type', 'equalto', 'text') %}"
          + "{% generation %}{{ content['text'] + ' ' }}{% endgeneration %}{% endfor %}{% endif %}{% endfor %}"
          + "{% if add_generation_prompt %}{{ 'ASSISTANT:' }}{% endif %}";

  /// MiniCPM-V 2.6: strings only.
  static final String MINICPMV =
      "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
          + "{{ '<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n' }}{% endif %}"
          + "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}"
          + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

  /// InternVL 3 for transformers: both; a line break behind each picture.
  static final String INTERNVL =
      "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' }}"
          + "{% if message['content'] is string %}{{ message['content'] }}{% else %}"
          + "{% for content in message['content'] %}{% if content['type'] == 'image' %}{{ '<IMG_CONTEXT>\n' }}"
          + "{% elif content['type'] == 'text' %}{{ content['text'] }}{% endif %}{% endfor %}{% endif %}"
          + "{{ '<|im_end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

  /// Gemma 2: strings only, no system role, roles alternate.
  static final String GEMMA2 =
      "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
          + "{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
          + "{{ raise_exception('Conversation roles must alternate') }}{% endif %}"
          + "{{ '<start_of_turn>' + (message['role'] if message['role'] == 'user' else 'model') + '\n' + message['content'] | trim + '<end_of_turn>\n' }}"
          + "{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}";

  private PictureTemplates() {}
}
