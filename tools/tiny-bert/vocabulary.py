"""A WordPiece vocabulary of some two hundred entries: enough that words are split in several ways, and some are unknown."""

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
LETTERS = [chr(code) for code in range(ord("a"), ord("z") + 1)]
DIGITS = [str(digit) for digit in range(10)]
PUNCTUATION = list("!\"#$%&'()*+,-./:;<=>?@[]_~")
OTHER_SCRIPTS = list("中文的日本語を") + ["при", "##вет", "ß", "##ß", "ا", "😀"]
WORDS = [
    "the", "a", "an", "of", "and", "to", "is", "in", "it", "that", "was", "for", "on", "with", "as", "he", "she", "they",
    "cat", "dog", "cafe", "sat", "mat", "run", "hello", "world", "quick", "brown", "fox", "jump", "over", "lazy", "uncle",
]
PIECES = ["##s", "##ed", "##ing", "##er", "##ly", "##able", "##ion", "##un", "##th", "##st"]


def vocabulary():
    """The entries in the order of their ids, each once."""
    continued = ["##" + character for character in LETTERS + DIGITS]
    entries = SPECIAL + PUNCTUATION + DIGITS + LETTERS + OTHER_SCRIPTS + WORDS + continued + PIECES
    return list(dict.fromkeys(entries))
