"""Word lists that features look for: written for this project, English first."""

from __future__ import annotations

import re

from advisor.vocabulary import Mode

STOP = frozenset(
    """a about above after again all also am an and any are as at be because been before being both
    but by can could did do does doing down during each few for from further had has have having he
    her here hers him his how i if in into is it its just me more most my no nor not now of off on
    once only or other our out over own same she should so some such than that the their them then
    there these they this those through to too under until up very was we were what when where which
    while who whom why will with would you your yours""".split()
)


def phrases(*alternatives: str) -> re.Pattern[str]:
    """Return a pattern that finds any of the alternatives at word borders, in any case."""
    return re.compile(rf"(?i)\b(?:{'|'.join(alternatives)})")


REFUSAL = phrases(
    r"i(?:'m| am) sorry,? (?:but )?i (?:can|am not|cannot|can't)",
    r"i (?:cannot|can't|can not|won't|am unable to|am not able to|'m unable to|'m not able to)"
    r" (?:help|assist|provide|answer|share|do|discuss|comply|give|disclose|fulfil)",
    r"(?:not|un)able to (?:help|assist) with",
    r"against (?:my|our) (?:guidelines|policy|rules)",
    r"consult (?:a|your) (?:doctor|lawyer|physician|professional)",
)
UNSURE = phrases(
    r"i (?:do not|don't|didn't) (?:know|have (?:any |enough )?(?:information|access|data|details))",
    r"(?:not|n't) (?:aware|familiar)",
    r"(?:no|not enough|insufficient) (?:information|record|mention|evidence)",
    r"(?:could|can)(?: not|not|n't) (?:find|determine|locate|answer)",
    r"(?:does|do) not (?:say|state|mention|contain|specify)",
    r"as an ai\b",
    r"(?:it )?(?:may|might|depends)\b.{0,20}\b(?:vary|depend)",
)
ASKS_BACK = phrases(
    r"(?:could|can|would) you (?:please )?(?:clarify|specify|tell|confirm|share|say)",
    r"which (?:\w+ ){0,3}(?:do|did|would|are) you",
    r"do you mean",
    r"what (?:exactly|kind|sort|type)",
    r"(?:need|please) (?:to know|more|provide|clarify|specify)",
)
ERROR = re.compile(
    r"(?i)\b(?:time[d -]?out|deadline exceeded|rate limit|too many requests|overloaded|internal "
    r"server error|service unavailable|bad gateway|connection (?:reset|refused|error|aborted)|"
    r"out of memory|context length|maximum (?:context|tokens?)|too long: \d|http[ /]?\d? ?5\d\d|"
    r"(?:error|status)[: ]+(?:code )?[45]\d\d|stream (?:ended|closed|interrupted)|"
    r"traceback \(most recent)"
)
RULES = phrases(
    "must", "never", "always", "do not", "don't", "only", "policy", "rules?", "required",
    "forbidden", "make sure", "ensure", "not allowed", "steps?", "before you", "first,?",
)  # fmt: skip
RECENT = phrases(
    "current(?:ly)?", "latest", "now", "today", "this (?:year|month|week)", "newest",
    "recent(?:ly)?", "still", "as of", "up[ -]to[ -]date", "these days", "right now",
)  # fmt: skip
CHANGED = phrases(
    "since", "no longer", "former(?:ly)?", "previous(?:ly)?", "used to", "replaced", "renamed",
    "updated", "changed", "as of", "discontinued", "deprecated", "superseded", "until",
)  # fmt: skip
HOW_MUCH = phrases(
    "how (?:many|much|long|old|far|often|fast|tall|high|heavy|deep|wide|big|late|soon)", "total",
    "sum", "average", "calculate", "compute", "percent", "difference", "remaining", "in all",
    "altogether", "what (?:is|was|will be) (?:the|his|her|its|their) (?:\\w+ )?"
    "(?:number|amount|cost|price|value|ratio|distance|area|volume|speed|age|profit)",
    "per (?:day|week|hour)", "schedule", "shortest", "cheapest", "minimum", "maximum",
    "probability", "solve",
)  # fmt: skip
COUNTED = phrases(
    "(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|"
    "sixty|hundred|thousand|dozen|half|third|quarter|twice|double|triple)\\b"
)  # fmt: skip
FACT = phrases(
    "who", "when", "where", "which", "what (?:is|was|are|were|year|name|city|country|does)",
    "name (?:the|a)", "tell me about", "explain", "describe",
)  # fmt: skip
MAKE = phrases(
    "write", "generate", "create", "draft", "compose", "rewrite", "summari[sz]e", "translate",
    "reply", "respond", "produce", "list", "give me", "shorten", "convert", "extract",
)  # fmt: skip
CHOOSE = phrases(
    "classify", "label", "categor(?:y|ize|ise)", "tag", "route", "assign", "sentiment", "intent",
    "which (?:queue|team|category|class|label|department)", "priority", "severity", "triage",
)  # fmt: skip
POLITE = phrases(
    "please", "thank(?:s| you)", "sorry", "apologi[sz]e", "unfortunately", "happy to", "dear",
    "regards", "kindly", "hi", "hello", "hey", "great", "awesome", "cheers",
)  # fmt: skip
STIFF = phrases(
    "utili[sz]e", "furthermore", "moreover", "hereby", "pursuant", "therefore", "additionally",
    "leverage", "facilitate", "commence", "aforementioned", "delve", "tapestry", "testament",
    "regarding", "in order to", "it is important to note", "seamless(?:ly)?", "robust",
)  # fmt: skip
CITES = re.compile(
    r"(?i)\b(?:doi|isbn|arxiv|et al\.?|https?://\S+|v\. [A-Z]|section \d|§|journal|according to|"
    r"published|article|paper|study|\(\d{4}\))"
)

NOTE: dict[str, re.Pattern[str]] = {
    "layout": phrases(
        "json", "xml", "yaml", "csv", "schema", "format(?:ting|ted)?", "bullets?", r"tables?\b",
        "column", "field", r"keys?\b", "layout", "markdown", "heading", "too long", "too short",
        "length", "words", "characters", "sentences?", "paragraphs?", "pars(?:e|er|ing)",
        "fence", "indent", "template", "structure", "prefix", "preamble", "brackets?", "quotes?",
        "lines?",
    ),
    "tone": phrases(
        "tone", "voice", "styl(?:e|ed|istic)", "brand", "stiff", "formal", "informal", "casual",
        "friendly", "cold", "robotic", "wordy", "verbose", "jargon", "cheerful", "sarcas",
        "emoji", "sounds?", "reads? like", "clich", "flowery", "purple", "warm", "rude",
        "salesy", "wooden", "register", "plain (?:language|words)", "human", "reading level",
        "awkward", "marketing", "boring", "corporate", "polite", "pushy", "bland", "wording",
        "phras(?:e|ing)",
    ),
    "label": phrases(
        "label", "categor", r"class(?:es|ify|ified|ification)?\b", "queue", r"tag(?:s|ged|ging)?\b",
        "bucket", r"intents?\b", "rout(?:e|ed|ing)", "assigned", "severity", "priority",
        "our (?:scheme|list|codes?)", r"coded?s?\b", "sentiment", "misfiled", "filed",
        "should be [\"'`]?\\w+_\\w+",
    ),
    "policy": phrases(
        "polic", "instruction", "rule", "told", "asked (?:it )?(?:not|to)", "step", "procedure",
        "skipp", "ignor", "refus", "declin", "forb", "allowed", "escalat", "verif",
        "without asking", "must", "should have asked", "permission", "confirm", "checklist",
        "guideline", "supposed to", "never", "despite", "order of", "protocol", "sign-?off",
        "approval",
    ),
    "passage": phrases(
        "passage", "article says", "document says", "source says",
        "in the (?:text|document|passage|" "article|context|manual|page|file|transcript)",
        "right there", "was (?:given|shown|supplied|" "provided|in front)", "contradict",
        "unsupported", "not supported", "grounded", "the page", "according to", "own words of",
        "had the", "stands in", "clearly states", "misquot", "misread", "opposite",
        "context says", "although the",
    ),
    "private": phrases(
        "internal", "private", "intranet", "in-house",
        "our (?:own|product|company|system|team|tool|" "wiki|docs|code|customers?)",
        "nobody outside", "not public", "niche", "obscure", "never seen", "does not know",
        "doesn't know", "cannot know", "can't know", "no idea", "unknown to",
        "not in (?:its|the) training", "never heard", "unfamiliar", r"rare(?:ly)?\b", "only we",
        "proprietary",
    ),
    "old": phrases(
        "outdated", "out of date", r"old(?:er)?\b", "stale", "no longer", "changed", "since",
        "last year", "deprecated", "replaced", "discontinued", "former", "previous", "cut-?off",
        "not current", "updated?", "superseded", "new version", "years? ago", "used to be",
        "20\\d\\d", "raised", "expired", "anymore", "renamed", "withdrawn", r"now\b",
    ),
    "invented": phrases(
        "invent(?!or)", "hallucinat", "fabricat", "confabulat", "concoct", "cooked up", "conjur",
        r"ma(?:de|kes?|king)(?:[- ]\w+){0,3}?(?<! add)[- ]up\b"
        r"(?! (?:for|of|\d|most|the rest|\w+ minds?))",
        r"(?:does|do|did)(?: not|n['’]?t) (?:\w+ )?exist", r"never (?:\w+ )?existed",
        "non-?existent", "no such", "by (?:that|this) name", "fake", "bogus", "fiction", "phantom",
        "imaginary", "spurious", "(?:dead|404) link", "never (?:said|wrote|published|happened)",
        "(?:cannot|can['’]t|could not) be traced", "no (?:trace|record) of", "nowhere",
        "thin air", "out of (?:the air|its (?:hat|head))", "dream", "pretend", "bluff",
        r"(?:not|isn['’]t|aren['’]t|wasn['’]t) (?:a )?real\b", "unreal", "guess", "claims to have",
    ),
    "search": phrases(
        "retriev", "search", "index", "chunk",
        "wrong (?:document|passage|page|article|file|manual)", "top[ -]?\\d+", "embedding",
        "vector", "not found", "hits?", "results?", "fetched", "knowledge base", "lookup",
        "irrelevant", "pulled", "surfaced", "returned the", "unrelated",
        "never (?:shown|came up|retrieved)", "another (?:product|document|page|version)",
    ),
    "unclear": phrases(
        "ambigu", "unclear", "vague", "underspecified", "which (?:one|of)", "either",
        "could mean", "two (?:people|readings|experts|of us|ways)",
        "contradict(?:s|ory)? (?:each|itself)", "nobody (?:said|told|wrote|defined)",
        "never (?:said|told|specified|defined|stated)",
        "not (?:said|stated|specified|defined|clear)", "depends", "did not say", "didn't say",
        "both (?:are|answers|would)", "disagree", "undefined", "open question", "no way to tell",
        "conflict", "does(?: not|n't) say", "interpret",
    ),
    "logic": phrases(
        "math", "arithmetic", "calculat", r"sums?\b", "add(?:s|ed|ing)? up", "total",
        r"count(?:s|ed|ing)?\b",
        "logic", r"reason(?:s|ed|ing)?\b", "wrong (?:number|result|order|tool|argument)",
        "off by", "multipl", "divid", "subtract", "percent", r"plan(?:s|ned|ning)?\b",
        "step by step", "tool", "function", "loops?", "infer", "deduc", "conclu", "miscount",
        "rounds?", "computed?", "compar", r"sort(?:s|ed|ing)?\b",
        "date difference", "overlap",
    ),
    "machine": phrases(
        "time[ds]?[ -]?out", "slow", "latency", "seconds", "minutes", r"cost(?:s|ly)?\b",
        "expensive", "price per", "tokens?", "cut off", "truncat", "crash", "error", "rate limit",
        "overload", "unavailable", r"hangs?\b", "hung", "memory", "server", "quota", "budget",
        r"bills?\b", "throughput", "stream", "retries", "retry", "connection", "5\\d\\d", "stuck",
        "never (?:ends|finish)", "mid-?sentence", "quality is fine", "too large", "GPU", "load",
    ),
}  # fmt: skip
"""What a note complains about, by family; each family is one soft feature, never a verdict."""

SPOKEN: dict[Mode, str] = {
    Mode.FORMAT: "layout", Mode.STYLE: "tone", Mode.LABEL: "label", Mode.PROCEDURE: "policy",
    Mode.UNFAITHFUL: "passage", Mode.MISSING_KNOWLEDGE: "private", Mode.STALE_KNOWLEDGE: "old",
    Mode.FABRICATION: "invented", Mode.RETRIEVAL_MISS: "search", Mode.UNDERSPECIFIED: "unclear",
    Mode.REASONING: "logic", Mode.SYSTEM: "machine",
}  # fmt: skip
"""The family of complaint that goes with each mode."""

SUPPLIED = phrases(
    r"(?:passage|document|doc|article|source|page|context|chunk|excerpt|section|chapter|clause|"
    r"paragraph|file|log|transcript|recording|thread|mail|sheet|table|record|manual|handbook|"
    r"guide|leaflet|text|prompt|attachment|upload|snippet|trace|schema|diff|row|line|field|"
    r"original|reference|contract|policy|quote|citation|cite|footnote|entry|note|list|letter|"
    r"sentence|column|report|spec|specification|summary|translation|input|message|minute|"
    r"recipe|review|screenshot|image|photo|ticket|example|tool)s?\b",
    "e-mail", "summar", "translat", "attached", "uploaded", "pasted", "given", "gave", "shown",
    "supplied", "provided", "handed", "fed", "in front of", "said", "says", "stated?s?", "reads?",
    "printed", "retriev", "results?", "data", "wording", "returned",
    "dokument", "seite", "quelle", "datei", "steht", "página", "documento", "fuente", "tabla",
    "fichier", "texte", "bron",
)  # fmt: skip
"""Words by which a note names a text that the model was given."""
FETCHED = phrases(
    "search", "retriev", "index", "chunk", r"hits?\b", r"results?\b", "look(?:s|ed|ing)?[- ]?up",
    "fetch", r"pull(?:s|ed|ing)?\b", r"f[io]nds?\b", "found", "com(?:es?|ing) up", "came up",
    "br(?:ings?|ought)", "return", "surfac", r"top\b", "rank", "filter", "embed", "vector",
    "simil", "match", r"serve[sd]?\b", r"load(?:s|ed)?\b", r"pick(?:s|ed)\b", "attach",
    "another", "other", r"wrong (?:\w+ ){0,2}(?:manual|article|passage|text|version|copy|edition)",
    "quer(?:y|ies)", "crawl", "synonym", "knowledge base", "source", "context", "shown", "handed",
    "given", r"gets?\b", r"got\b", "passed", r"open(?:s|ed)\b", "cut", "store", "connector",
    "library", "database", "catalogue", "archive", "document", "file", "page", "such(?:e|t)",
    "treffer", "findet", "busca", "recherche", "zoek", "lookup",
)  # fmt: skip
"""Words by which a note speaks of text that was looked for."""
GROUNDS: dict[Mode, re.Pattern[str]] = {Mode.UNFAITHFUL: SUPPLIED, Mode.RETRIEVAL_MISS: FETCHED}
"""What a note speaks of if it is about that mode and no text shown to the model is at hand."""
