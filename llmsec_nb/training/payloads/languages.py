"""How one tells a model, in twenty languages, to drop what it was told before.

Each entry: how it begins, what has to follow in the same sentence, and the whole. Only the whole
is precise; the others tell quickly where to look.
"""

# ruff: noqa: E501, ISC004, RUF001 # a table: one entry a line, in the letters of its language

from __future__ import annotations

from typing import Final

_FEW: Final = r"(?:[\w'-]{1,20}\s{1,3}){0,3}?"
_ONE: Final = r"(?:[\w'-]{1,20}\s{1,3})?"
_ENGLISH_ALL: Final = (
    r"(?:(?:all|any|each|every|everything|the|my|your|of|these|those|absolutely|and)\s{1,3}){0,5}"
)
_ENGLISH_YOUR: Final = r"(?:(?:the|my|of|these|those|absolutely)\s{1,3}){0,2}(?:all|any|every|everything|your)\s{1,3}(?:(?:of|the|my|your)\s{1,3}){0,2}"
_BEFORE: Final = (
    r"(?:previous|prior|above|preceding|earlier|foregoing|former|past|initial|original|existing|"
    r"system|current)"
)
_TOLD: Final = r"(?:instructions?|prompts?|directives?|directions|guidelines?|guidance|commands?|orders|rules|constraints|programming|training|context|messages?)"

ORDERS: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "ignor|disregard|forget|overrid|bypass|discard|neglect|skip",
        "instruction|prompt|programming|directive|direction|guideline|guidance|command|orders|rules|constraint|training|context|message|above|before|previously|so far",
        r"(?:ignor(?:e|ing)|disregard(?:ing)?|forget(?:ting)?|overrid(?:e|ing)|bypass|discard|neglect|skip)"
        r"(?:\s{1,3}about)?\s{1,3}(?:"
        rf"{_ENGLISH_ALL}{_BEFORE}\s{{1,3}}(?:and\s{{1,3}}{_BEFORE}\s{{1,3}})?{_ONE}(?:instructions?|prompts?|programming|directions)\b"
        rf"|{_ENGLISH_YOUR}{_BEFORE}\s{{1,3}}(?:and\s{{1,3}}{_BEFORE}\s{{1,3}})?{_ONE}{_TOLD}\b"
        rf"|(?:all|any|every|each)\s{{1,3}}(?:of\s{{1,3}})?(?:the\s{{1,3}}|your\s{{1,3}}|these\s{{1,3}})?(?:instructions|prompts|directives)\b"
        r"|your\s{1,3}(?:instructions|programming|system prompt|directives)\b"
        r"|(?:everything|all|anything|what(?:ever)?)\s{1,3}(?:that\s{1,3})?(?:(?:was|is|came|comes|were|you\s{1,3}(?:were|have been|are))\s{1,3}){0,2}"
        r"(?:written\s{1,3}|said\s{1,3})?(?:above|before this|previously told|told before|told (?:before|above|previously|so far))\b"
        rf"|(?:the\s{{1,3}})?(?:instructions|prompts?|directives|rules)\s{{1,3}}(?:above|before|given (?:above|before|earlier)|you (?:were|have been) given)\b)",
    ),
    (
        "do not follow|don't follow|stop following",
        "instruction|prompt|directive",
        rf"(?:do not|don't|stop)\s{{1,3}}follow(?:ing)?\s{{1,3}}{_ENGLISH_ALL}{_BEFORE}\s{{1,3}}{_ONE}(?:instructions?|prompts?|directives?)\b",
    ),
    (
        "you are now ",
        "dan|unrestricted|unfiltered|uncensored|jailbroken|mode",
        r"you are now\s{1,3}(?:DAN\b|an?\s{1,3}(?:unrestricted|unfiltered|uncensored|jailbroken)\b|in\s{1,3}(?:developer|debug|god|jailbreak|unrestricted)\s{1,3}mode\b)",
    ),
    (
        "if you are a|if you're a",
        "ai|llm|language model",
        r"if you(?:'re| are) an?\s{1,3}(?:AI|LLM|large language model|language model)(?:\s{1,3}(?:assistant|model|agent|system))?"
        r"\s{0,3}(?:,|and\b|reading|that is|who is|processing|summari[sz]ing|evaluating|reviewing)",
    ),
    (
        "ignorier|vergiss|missachte|vergessen sie|vergesst",
        "anweisung|instruktion|befehle|regeln|vorgaben|prompt",
        rf"(?:ignorier\w{{0,5}}|vergiss|missachte\w{{0,2}}|vergessen sie|vergesst)\s{{1,3}}{_FEW}(?:vorherig\w{{1,2}}|vorangegangen\w{{1,2}}|vorig\w{{1,2}}|bisherig\w{{1,2}}|obig\w{{1,2}}|frühere[nr]?)\s{{1,3}}{_ONE}(?:anweisung\w{{0,2}}|instruktion\w{{0,2}}|befehle\w{{0,2}}|regeln|vorgaben|prompts?)\b",
    ),
    (
        "ignore|oublie|néglige",
        "précédent|antérieur|ci-dessus|initiale",
        rf"(?:ignore[zr]?|oublie[zr]?|néglige[zr]?)\s{{1,3}}{_FEW}(?:instructions?|consignes|directives|ordres|règles)\s{{1,3}}{_ONE}(?:précédente?s?|antérieure?s?|ci-dessus|initiale?s?)\b",
    ),
    (
        "ignor|olvid|omit|descart|haz caso omiso",
        "anterior|previas|iniciales|arriba",
        rf"(?:ignor[aeá]n?|ignorar|olvid[aeá]n?|olvidar|omit[ae]|descart[ae]|haz caso omiso de)\s{{1,3}}{_FEW}(?:(?:instrucciones|indicaciones|órdenes|ordenes|reglas|directrices)\s{{1,3}}{_ONE}(?:anteriores|previas|iniciales|de arriba)|(?:anteriores|previas)\s{{1,3}}(?:instrucciones|indicaciones|órdenes))\b",
    ),
    (
        "ignor|esque|desconsider",
        "anteriores|prévias|acima|iniciais",
        rf"(?:ignor[ae]m?|ignorar|esque[çc]a|esquecer|desconsider[ae])\s{{1,3}}{_FEW}(?:instruções|instrucoes|ordens|regras|diretrizes|comandos)\s{{1,3}}{_ONE}(?:anteriores|prévias|acima|iniciais)\b",
    ),
    (
        "ignora|dimentica|trascura",
        "precedenti|anteriori|iniziali|sopra",
        rf"(?:ignora(?:te|re)?|dimentica(?:te|re)?|trascura)\s{{1,3}}{_FEW}(?:(?:istruzioni|indicazioni|regole|direttive)\s{{1,3}}{_ONE}(?:precedenti|anteriori|iniziali|sopra)|precedenti\s{{1,3}}(?:istruzioni|indicazioni))\b",
    ),
    (
        "negeer|vergeet",
        "instructies|opdrachten|regels|aanwijzingen",
        rf"(?:negeer|vergeet)\s{{1,3}}{_FEW}(?:vorige|eerdere|voorgaande|bovenstaande)\s{{1,3}}{_ONE}(?:instructies|opdrachten|regels|aanwijzingen)\b",
    ),
    (
        "zignoruj|ignoruj|zapomnij|pomiń",
        "instrukcj|poleceni",
        rf"(?:z?ignoruj|zapomnij o|pomiń)\s{{1,3}}{_FEW}(?:(?:poprzednie|wcześniejsze|powyższe|poprzednich|wcześniejszych)\s{{1,3}}{_ONE}(?:instrukcje|polecenia|instrukcjach|poleceniach)|(?:instrukcje|polecenia)\s{{1,3}}(?:powyżej|poprzednie))\b",
    ),
    (
        "проигнориру|игнориру|забудь|отмени",
        "инструкци|указани|команд|правил",
        rf"(?:про)?(?:игнориру\w{{1,4}}|забудь\w{{0,2}}|отмени\w{{0,2}})\s{{1,3}}{_FEW}(?:предыдущи[ех]|прежни[ех]|прошлые|вышеуказанные|предшествующие)\s{{1,3}}{_ONE}(?:инструкци\w{{1,2}}|указани\w{{1,2}}|команд\w{{0,2}}|правил\w?)",
    ),
    (
        "проігнору|ігнору|забудь",
        "інструкці|вказівк|команди",
        rf"(?:про)?(?:ігнору\w{{1,4}}|забудь\w{{0,2}})\s{{1,3}}{_FEW}(?:попередні|минулі)\s{{1,3}}{_ONE}(?:інструкці\w|вказівк\w|команди)",
    ),
    (
        "önceki|yukarıdaki",
        "yok say|görmezden|unut|dikkate",
        rf"(?:önceki|yukarıdaki)\s{{1,3}}{_FEW}(?:talimat\w{{0,8}}|komut\w{{0,8}}|yönerge\w{{0,8}})\s{{1,3}}{_ONE}(?:yok say|görmezden gel|unut|dikkate alma)",
    ),
    (
        "abaikan|lupakan",
        "sebelumnya|di atas",
        rf"(?:abaikan|lupakan)\s{{1,3}}{_FEW}(?:instruksi|perintah|petunjuk)\s{{1,3}}{_ONE}(?:sebelumnya|di atas)\b",
    ),
    (
        "bỏ qua|quên",
        "trước|ở trên",
        r"(?:bỏ qua|quên)\s{1,3}(?:\w{1,12}\s{1,3}){0,3}?(?:hướng dẫn|chỉ dẫn|lệnh|chỉ thị)\s{1,3}(?:\w{1,12}\s{1,3}){0,2}?(?:trước|ở trên)",
    ),
    (
        "忽略|无视|忘记|忘掉|不要理会|忽視|無視|忘記",
        "指令|指示|提示|命令|說明|说明",
        "(?:忽略|无视|忘记|忘掉|不要理会|忽視|無視|忘記)[^。！？\n]{0,8}?(?:之前|先前|以上|上面|前面|上述|此前|以前|原有|所有)"
        "[^。！？\n]{0,8}?(?:指令|指示|提示词|提示|命令|系统提示|說明|说明)",
    ),
    (
        "以前の|これまでの|上記の|先の|以上の|上の|前の",
        "無視|忘れ|破棄",
        "(?:以前|これまで|上記|先|以上|上|前)の(?:すべての|全ての|全)?(?:指示|命令|プロンプト)(?:を|は)(?:すべて|全て|一切)?(?:無視|忘れ|破棄)",
    ),
    (
        "이전|위의|앞의|앞선|기존|지금까지",
        "무시|잊",
        "(?:이전|위|앞|앞선|기존|지금까지)(?:의|에)?\\s?(?:모든\\s)?(?:지시|명령|지침|프롬프트)(?:사항)?(?:들)?(?:을|를|은|는)?\\s?(?:모두\\s|전부\\s|다\\s)?(?:무시|잊)",
    ),
    (
        "تجاهل|انس",
        "السابقة|أعلاه",
        r"(?:تجاهل|انسى|انس)\s{1,3}(?:\w{1,12}\s{1,3}){0,2}?(?:التعليمات|الأوامر|الإرشادات|التوجيهات)\s{1,3}(?:\w{1,12}\s{1,3})?(?:السابقة|أعلاه)",
    ),
    (
        "دستور",
        "نادیده|فراموش",
        r"دستور\S{0,12}\s{1,3}(?:\S{1,12}\s{1,3})?قبلی\s{1,3}(?:\S{1,12}\s{1,3})?را\s{1,3}(?:نادیده|فراموش)",
    ),
    (
        "पिछले|पूर्व|पहले",
        "अनदेखा|नज़रअंदाज़|नजरअंदाज|भूल",
        r"(?:पिछले|पूर्व|पहले के)\s{1,3}(?:\S{1,12}\s{1,3}){0,2}?(?:निर्देश\S{0,3}|आदेश\S{0,3})\s{1,3}(?:\S{1,12}\s{1,3}){0,2}?(?:अनदेखा|नज़रअंदाज़|नजरअंदाज|भूल)",
    ),
)
_PROMPT: Final = r"(?:system\s{1,3}prompt|system\s{1,3}instructions|initial\s{1,3}(?:prompt|instructions)|hidden\s{1,3}(?:prompt|instructions)|secret\s{1,3}instructions)"
LEAKS: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "reveal|print|output|show|repeat|display|leak|disclose|tell me|give me|reproduce|echo|recite|what is your|what are your",
        r"system\s+prompt|system\s+instruction|initial\s+prompt|initial\s+instruction|hidden\s+prompt|hidden\s+instruction|secret\s+instruction",
        r"(?:reveal|print|output|show|repeat|display|leak|disclose|tell|give|reproduce|echo|recite|what (?:is|are))\s{1,3}"
        r"(?:(?:me|us|out|back)\s{1,3})?(?:(?:all|of|the|exact|full|entire|complete|original|text|contents?|verbatim)\s{1,3}){0,5}"
        rf"(?:your\s{{1,3}}(?:(?:full|entire|complete|exact|original|own|hidden|secret)\s{{1,3}}){{0,3}}|(?<=the )){_PROMPT}\b",
    ),
    (
        "repeat|output|print",
        r"(?:words|text|everything|sentences)\s+above",
        r"(?:repeat|output|print)\s{1,3}(?:all\s{1,3})?(?:of\s{1,3})?(?:the\s{1,3})?(?:words|text|everything|sentences)\s{1,3}above\b",
    ),
    (
        "send|post|forward|upload|exfiltrat|transmit|email",
        r"(?:to|at|via)\s+(?:https?://|\S+@)",
        r"(?:send|post|forward|upload|exfiltrate|transmit|email)\s{1,3}(?:[\w']{1,20}\s{1,3}){0,4}?(?:conversation|chat history|chat log|system prompt|passwords?|credentials|api[ _]keys?|secrets)"
        r"\s{1,3}(?:[\w']{1,20}\s{1,3}){0,4}?(?:to|at|via)\s{1,3}(?:https?://|[\w.+-]{1,40}@)",
    ),
)
