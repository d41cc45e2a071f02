"""Characters that deceive: letters that look like ASCII, and those that nobody sees.

The letters are those of Cyrillic, Greek and Armenian whose UTS #39 skeleton is one ASCII letter:
https://www.unicode.org/Public/security/latest/confusables.txt
"""

from __future__ import annotations

from typing import Final

LOOKALIKES: Final = dict(
    zip(
        # Cyrillic, then Greek, then Armenian
        "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u04cf"
        "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0405\u0406\u0408\u04ae"
        "\u03bf\u03bd\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
        "\u0585\u057d\u0578\u0581",
        "aeopcyxijshdqwlABEKMHOPCTXSIJYovABEZHIKMNOPTYXoung",
        strict=True,
    )
)
INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e007f\U000e0100-\U000e01ef"
)
"""The inside of a character class."""
