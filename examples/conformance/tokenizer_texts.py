# SPDX-License-Identifier: Apache-2.0
"""Texts that tell tokenizers apart."""
import random

FIXED = [
    "I'm you're he's we'll they'd I've don't", "I'M YOU'RE HE'S WE'LL THEY'D I'VE DON'T", "'s 't 'S'T''ll ' s l'L 'Re",
    "'", "''", "'\u017f 'ſ x'\u212a", "abc'sdef ABC'Sdef it'sIT'S", "o'clock rock'n'roll y'all'd've",
    "1", "12", "123", "1234", "12345", "123456", "1234567", "12345678", "123456789", "1234567890", "x1y22z333w4444",
    " 1 22 333 4444", "3.14159 1,000,000 2026-11-27 0x1F 1e-5", "١٢٣٤٥ ४५६ ½¾ ² ⅷ ㊿ 12½34", "a1b2c3 4d5e6f", "x  1 y  22",
    "Hello world", "Hello  world", "Hello   world", " Hello", "  Hello", "   Hello", "Hello ", "Hello  ", "    ", "a    b     c",
    "\n", "\n\n", "\n\n\n", "\r\n", "\r\n\r\n", "a\nb", "a\n\nb", "a \n b", "a  \n\n  b", "a\r\nb\rc", "\n \n \n", " \n\n x", "\t", "\t\ta", "a\t\tb\t",
    "a \t b\t \tc", "x\u00a0y\u2003z\u3000w", "\u00a0\u00a0a", "a\u0085b\u2028c", "a\u200bb\u200cc\u200dd\ufeffe", "x\u001c\u001fy",
    "Hello, world!", "Hello,world!!!", "(word)", "[x] {y} <z>", "a.b.c ...", " ... !!! ???\n", "!!\n\n x", "...\r\n", "//comment\n/* x */\n",
    "$100 +5 <=> ^~ `code` |pipe|", "€5 £6 ¥7", "a_b_c __init__", "#hash @at %pc &amp; *star* = - --", "\"quoted\" “curly” ‘single’ «guillemets»",
    "camelCase PascalCase HTTPServer XMLHttpRequest iPhone eBay aBcDeF ABCdef ABC éABC ABCé ÀÉÎ àéî ÀbÉd McDonald", "ALLCAPS lower Title",
    "straße naïve café Ñandú ΑΒΓ αβγ Привет мир ЖЗИ", "日本語のテキスト 中文字符 漢字かな交じり文。", "你好，世界！", "한국어 텍스트 ㄱㄴㄷ ㅏㅑ", "ㄅㄆㄇ", "ภาษาไทยไม่มีเว้นวรรค", "ພາສາລາວ", "ភាសាខ្មែរ မြန်မာ",
    "العربية النص مع تشكيل: مُحَمَّد", "עברית שָׁלוֹם", "नमस्ते दुनिया हिन्दी में", "বাংলা ভাষা", "తెలుగు தமிழ்", "ქართული ᲥᲐᲠᲗᲣᲚᲘ Ꭰ Ꮿ ꭰ",
    "e\u0301 a\u0300\u0302 \u0301x !\u0301 !!\u0301y \u0301\u0301z \u0301ABC", "🐦 🐦🐦 👨‍👩‍👧‍👦 🏳️‍🌈 👍🏽 ☃️ ✈ ①②", "𝒳𝒴𝒵 𐐀𐐁 𞤀𞤁 𠀀𠀁 𪜀", "ﬁ ﬂ ａｂｃ ＡＢＣ １２３", "Ǆ ǅ ǆ ʰ ª º",
    "a\u0000b", "\u0001\u0002", "\ue000\U000f0000", "mixed 日本 and English 123 текст", "IMGIMGABCZ <sentinel:12> IMGIMGJ", "no。spaces，here、at۔all،", "foo bar  baz   qux    end",
    "https://example.com/a/b?c=d&e=f#g", "user@example.com", "for (int i = 0; i < 10; ++i) {\n    x[i] += 1;\n\t}\n", "def f(x):\n    return x\n\n\nclass A:\n\tpass\n",
    "한 글 자  띄 어 쓰 기 A B C d e", "l'été d'Artagnan aujourd'hui", "rock 'n' roll 'em", "''quoted'' 'S", "a/b//c\n/d", "?\n/!", "e\u0301e\u0301 \u0301", "٠١٢٣ 123٤٥٦ 7८९",
    " leading\u3000ideographic　space", "x" * 70 + " " + "y" * 130, " " * 40 + "z", "z" + " " * 600, "ab" * 60, "\n" * 30, "7" * 61, "!" * 50, "日" * 40,
]
ALPHABETS = [
    "abcdefghij", "ABCXYZ", "0123456789", " ", " ", "\n", "\r\n\t", "'", "'stmdrevl", ".,!?;:-()[]{}/\\\"#$%&*+<=>@^_`|~", "éßñçøÀÉÑ", "αβγΔΩ",
    "привеТМИР", "日本語中文字", "ひらがなカタカナ", "한국어", "ไทยแลนด์", "العربيةُ", "שָׁלוֹם", "नमस्तेहिन्दी", "\u0301\u0300\u0308", "🐦👍🏽☃✈", "½²Ⅷ٣४", "\u200c\u200d\u00a0\u3000\u2003", "。、！？「」…“”’—",
]


def texts(count, seed):
    rng = random.Random(seed)
    drawn = []
    for _ in range(count):
        text = ""
        for _ in range(rng.randint(1, 14)):
            alphabet = rng.choice(ALPHABETS)
            text += "".join(rng.choice(alphabet) for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4, 5, 7))))
        drawn.append(text)
    return FIXED + drawn
