// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.CharClasses.JOINER;
import static dev.alcedo.runtime.api.internal.tokenizer.CharClasses.LETTER;
import static dev.alcedo.runtime.api.internal.tokenizer.CharClasses.MARK;
import static dev.alcedo.runtime.api.internal.tokenizer.PreTokenizer.Alphabet.BYTES;
import static dev.alcedo.runtime.api.internal.tokenizer.PreTokenizer.Alphabet.CHARACTERS;
import static dev.alcedo.runtime.api.internal.tokenizer.PreTokenizer.Alphabet.CHARACTERS_AND_LINE_ENDS;
import static dev.alcedo.runtime.api.internal.tokenizer.WordRules.Contractions.NONE;
import static dev.alcedo.runtime.api.internal.tokenizer.WordRules.GPT_2;
import static dev.alcedo.runtime.api.internal.tokenizer.WordRules.GPT_4;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The pre-tokenizers known: one line per family of names in the table below. They cut as llama.cpp
/// does, which differs from the models' own expressions in places, e.g. in that only the letters of
/// ASCII have case. `examples/conformance/tokenizers.py` compares every name with it.
final class PreTokenizers {
  private static final WordRules QWEN_2 = GPT_4.numbers(1);
  private static final WordRules GPT_4O =
      GPT_4.endingAtCapitals().contractionsAreSuffixes().tail("\r\n/", Integer.MAX_VALUE);
  private static final WordRules MARKED =
      GPT_4.letters(LETTER | MARK).contractionsAreSuffixes().tail("\r\n/", Integer.MAX_VALUE);

  private static final String CJK = "一-龥\u3040-ゟ゠-ヿ";
  private static final String CJK_OF_DEEPSEEK = "一-龥ࠀ-一가-\uD7FF";
  private static final String WORDS_OF_BLOOM = " ?[^(\\s|.,!?…。，、।۔،)]+";
  private static final String WORDS_OF_DEEPSEEK_3 =
      "[!-/:-~&&[^A-Za-z]][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
          + "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final Map<String, PreTokenizer> BY_NAME = new LinkedHashMap<>();

  static {
    bytes(
        "default",
        pattern("[\\p{P}$+<=>^~|]+"),
        words(GPT_2),
        pattern("\\p{N}+"),
        pattern("[0-9][0-9][0-9]"));
    bytes(
        "gpt-2 phi-2 mpt olmo jais trillion granite-docling exaone4 modern-bert mellum",
        words(GPT_2));
    bytes(
        "jina-es jina-de jina-v2-es jina-v2-de jina-v1-en jina-v2-code roberta-bpe", words(GPT_2));
    bytes("gigachat a.x-4.0", words(GPT_2));
    bytes(
        "starcoder refact command-r smollm codeshell exaone minerva-7b",
        pattern("\\p{N}"),
        words(GPT_2));
    bytes("mellum2", pattern("\\p{N}"), words(GPT_2));
    bytes("falcon", pattern("[\\p{P}$+<=>^~|`]+"), words(GPT_2), pattern("[0-9][0-9][0-9]"));
    whole(
        "llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano",
        words(GPT_4));
    bytes("dbrx smaug-bpe glm4 chatglm-bpe glm5", words(GPT_4));
    bytes("jais-2", words(GPT_4.halvingSpaces()));
    bytes("k2-horizon", words(GPT_4.letters(LETTER | MARK | JOINER)));
    bytes(
        "qwen2 deepseek-r1-qwen kormo f2llmv2 megrez stablelm2 hunyuan solar-open", words(QWEN_2));
    bytes("grok-2 bailingmoe bailingmoe2 llada-moe", words(QWEN_2));
    bytes("qwen35", words(QWEN_2.letters(LETTER | MARK).symbolsWithout(MARK)));
    bytes("ufakzeka", words(QWEN_2.contractions(NONE)));
    bytes("seed-coder", words(QWEN_2.tail("", 0)));
    bytes("laguna", pattern("[^\\n]+|\\n+"), words(QWEN_2));
    bytes("exaone-moe", words(QWEN_2.letters(LETTER | MARK).spanningSpaces().tail("\r\n/", 1)));
    merging("minicpm5", pattern("\\p{N}{1,3}"), words(GPT_4.numbers(Integer.MAX_VALUE)));
    bytes("gpt-4o llama4 kanana2 talkie minimax-m2", words(GPT_4O));
    merging("granite-embed-multi-97m", words(GPT_4O.letters(LETTER | MARK)));
    whole("tekken", words(GPT_4O.contractions(NONE).numbers(1)));
    bytes("tiny_aya cohere2moe", DigitSplitter.AFTER_GROUPS, words(MARKED));
    merging(
        "youtu",
        pattern("[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|[" + CJK + "]+"),
        words(MARKED.numbers(1)));
    bytes("kimi-k2", words(GPT_4.hanApart().contractionsAreSuffixes()));
    bytes("superbpe", pattern("\\p{N}+"), DigitSplitter.BEFORE_GROUPS);
    bytes(
        "deepseek-v3 hunyuan-dense joyai-llm hy_v4",
        pattern("\\p{N}{1,3}"),
        runs(CJK),
        pattern(WORDS_OF_DEEPSEEK_3));
    bytes(
        "spark2_5",
        pattern("\\p{N}{1,3}"),
        runs(CJK),
        pattern(
            "[!-/:-~&&[^A-Za-z]][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                + "| ?[\\p{P}\\p{S}]+|[\\r\\n]|\\s+(?!\\S)|\\s+"),
        pattern("\\p{N}"));
    bytes(
        "afmoe",
        DigitSplitter.AFTER_GROUPS,
        runs(
            "一-鿿㐀-䶿\u8C48-\uFAFF\u3040-ゟ゠-ヿ･-ﾟ⼀-\u2FDF\u0E40-\u0E7F\u0E80-\u0EFF"
                + "ក-\u17FFက-႟ꩠ-ꩿꧠ-\uA9FF가-\uD7AFᄀ-ᇿ"),
        pattern(WORDS_OF_DEEPSEEK_3));
    bytes(
        "deepseek-llm",
        pattern("[\\r\\n]"),
        runsAfterSpace(
            "A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷ"
                + "ᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-\u1F7Dᾀ-ᾴᾶ-ᾼ\u1FBEῂ-ῄῆ-ῌῐ-\u1FD3ῖ-\u1FDBῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤ\u2126ℨ"
                + "\u212A-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃"),
        runsAfterSpace("!-/:-~！-／：-～‘-‟\u3001\u3002"),
        pattern("(?<!\\s)\\s+\\z"),
        runs(CJK_OF_DEEPSEEK),
        pattern("\\p{N}+"));
    bytes(
        "deepseek-coder",
        pattern("[\\r\\n]"),
        pattern("\\s?\\p{L}+"),
        pattern("\\s?\\p{P}+"),
        runs(CJK_OF_DEEPSEEK),
        pattern("\\p{N}"));
    bytes("bloom poro-chat gpt3-finnish", pattern(WORDS_OF_BLOOM));
    bytes("viking", pattern(WORDS_OF_BLOOM), pattern("\\p{N}"));
    add(
        "chameleon",
        BYTES,
        false,
        true,
        pattern("<sentinel:[0-9]+>"),
        pattern("IMGIMG[A-I]{1,4}Z"),
        pattern("[\\t\\n]|    |  "),
        pattern("\\p{N}"),
        pattern("[\\p{P}!-/:-@\\[-`{-~]"),
        words(GPT_2));
    add(
        "gemma4 granite-embed-multi-311m",
        CHARACTERS_AND_LINE_ENDS,
        false,
        true,
        pattern("[^\\n]+|\\n+"));
    add("sarvam-moe", CHARACTERS, false, false, pattern("[^\\n]+|\\n+"));
  }

  private PreTokenizers() {}

  /// The pre-tokenizer called `name`, if it is known.
  static Optional<PreTokenizer> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /// The names known.
  static Collection<String> names() {
    return BY_NAME.keySet();
  }

  private static Splitter words(WordRules rules) {
    return new WordSplitter(rules);
  }

  private static Splitter runs(String ranges) {
    return new RunSplitter(ranges, false);
  }

  private static Splitter runsAfterSpace(String ranges) {
    return new RunSplitter(ranges, true);
  }

  private static Splitter pattern(String expression) {
    return new PatternSplitter(expression);
  }

  private static void bytes(String names, Splitter... steps) {
    add(names, BYTES, false, false, steps);
  }

  /// A word that is a token is not put together from its parts.
  private static void merging(String names, Splitter... steps) {
    add(names, BYTES, true, false, steps);
  }

  /// As [#merging], and encoding begins with the begin token.
  private static void whole(String names, Splitter... steps) {
    add(names, BYTES, true, true, steps);
  }

  /// @param names with spaces between them
  private static void add(
      String names,
      PreTokenizer.Alphabet alphabet,
      boolean ignoresMerges,
      boolean addsBos,
      Splitter... steps) {
    List<Splitter> splitters = List.of(steps);
    for (String name : names.split(" ")) {
      BY_NAME.put(name, new PreTokenizer(name, splitters, alphabet, ignoresMerges, addsBos));
    }
  }
}
