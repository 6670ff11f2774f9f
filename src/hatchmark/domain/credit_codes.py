"""Can this be a 统一社会信用代码? Its form and its check character, after GB 32100-2015.

The standard leaves out letters that are mistaken for digits (I, O, S, V, Z), and weights the first seventeen
characters by powers of three, modulo 31. Whether the code was ever given to anybody, no arithmetic can say.
"""

LENGTH = 18
_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {character: value for value, character in enumerate(_CHARACTERS)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))


def check_character(body: str) -> str:
    """Return the eighteenth character that belongs to the first seventeen.

    Raises ValueError for a body of another length, or with a character that the standard does not use.
    """
    if len(body) != LENGTH - 1 or not set(body) <= set(_CHARACTERS):
        raise ValueError(
            f"'{body}' is no body of a credit code: {LENGTH - 1} digits and capitals, no I O S V Z"
        )
    total = sum(_VALUES[character] * weight for character, weight in zip(body, _WEIGHTS, strict=True))
    return _CHARACTERS[-total % 31]


def fault_of(code: str) -> str:
    """Return why `code` can be no credit code: length, character, digits (in its place of six) or check; else ""."""
    if len(code) != LENGTH:
        return "length"
    if not set(code) <= set(_CHARACTERS):
        return "character"
    if not code[2:8].isdigit():
        return "digits"
    return "" if check_character(code[:-1]) == code[-1] else "check"
