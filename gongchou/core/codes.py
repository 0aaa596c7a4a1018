"""Codes of units, sites and papers: how they are cleaned, and what is wrong with one.

Each `…_problem` cleans its text first and answers None or one Chinese sentence for the officer.
The meaning of a region or of a registering department is never judged: those lists change.
"""

import re
import unicodedata
from operator import mul


def _values(alphabet: str) -> bytes:
    """For each character as a byte its place in the alphabet, to weigh a code in one go."""
    return bytes(alphabet.find(chr(byte)) % 256 for byte in range(256))


USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, n, 31) for n in range(17))
_USCC_VALUES = _values(USCC_ALPHABET)
_USCC_LETTERS = frozenset(USCC_ALPHABET)
_ORGANIZATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANIZATION_VALUES = _values(_ORGANIZATION_ALPHABET)
_ORGANIZATION_LETTERS = frozenset(_ORGANIZATION_ALPHABET)
_ORGANIZATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_LOOKALIKES = {"I": "1", "O": "0", "S": "5", "Z": "2", "V": "U"}

# Cyrillic and Greek capitals that print like Latin ones.
_LATIN = str.maketrans("АВСЕНІЈКМОРЅТХУΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABCEHIJKMOPSTXYABEZHIKMNOPTYX")

# The one of the dashes that counts as a letter.
_LONG_SOUND = "\u30fc"
_DASHES = re.compile(f"[\u2010-\u2015\u2212\ufe58\ufe63{_LONG_SOUND}]")
_SITE_TAIL = re.compile(r"\d{3}[A-Z]", re.ASCII)
_EXPONENT = re.compile(r"\d(\.\d+)?E\+?\d+", re.ASCII)
_POINT_ZERO = re.compile(r"\d+\.0+", re.ASCII)

# A mobile number; a landline with or without its area code and extension; a service number.
_TELEPHONE = re.compile(
    r"(?:1[3-9]\d{9}|(?:0\d{2,3}-?)?\d{7,8}(?:-\d{1,6})?|[48]00-?\d{3}-?\d{4})", re.ASCII
)
_DIALLED = re.compile(r"[\d-]{5,}", re.ASCII)
_BETWEEN_NUMBERS = re.compile("[、，,;；/／|]+")
_COUNTRY = re.compile(r"(?:\+|00)86-?", re.ASCII)

_HAN = "[\u4e00-\u9fff]+"
# Most names, and nothing in them has a second spelling.
_HAN_ONLY = re.compile("[0-9\u4e00-\u9fff]+")
_DOCUMENT_NUMBER = re.compile(rf"{_HAN}(（{_HAN}）{_HAN})?〔[0-9]{{4}}〕[1-9][0-9]*号")
_ALMOST_A_NUMBER = re.compile(r"\D+[\[【（(〔［][0-9]{2,4}[\]】）)〕］]第?[0-9]+号?")
_REGION = re.compile(r"[0-9]{6}([0-9]{3}|[0-9]{6})?")
_INDUSTRY = re.compile(r"[A-T]?[0-9]{2,4}")
# What a code of another length than asked for usually is.
_USUALLY = {9: "组织机构代码", 15: "旧的工商注册号", 18: "统一社会信用代码", 22: "固定污染源编码"}

_ASK_FOR_TEXT = "请在表格中将该列设为“文本”格式，按证照重新填写后再导入。"


def clean(text: str) -> str:
    """A code as it is stored and compared: half-width, upper case, one kind of hyphen.

    Blanks of every kind (also inside) and invisible characters go. For codes only: in names and
    addresses a blank or a full-width bracket may matter.
    """
    if text.isascii() and text.isalnum():
        return text.upper()
    if text.isalnum() and unicodedata.is_normalized("NFKC", text) and _LONG_SOUND not in text:
        return unicodedata.normalize("NFKC", text.upper())
    half = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    kept = (c for c in half if not c.isspace() and unicodedata.category(c) not in {"Cf", "Cc"})
    return unicodedata.normalize("NFKC", "".join(kept).upper())


def matching_key(name: str) -> str:
    """What two spellings of one name share, for comparing only: width, case, blanks gone.

    Letters of other alphabets that look like Latin ones count as these.
    """
    if _HAN_ONLY.fullmatch(name):
        return name
    return clean(name).translate(_LATIN).casefold()


def excel_damage(text: str) -> str | None:
    """A sentence where a spreadsheet has turned the code into a number, else None."""
    if text.isascii() and text.isalnum() and text[1:2] not in ("E", "e"):
        return None
    code = clean(text)
    if _EXPONENT.fullmatch(code):
        return (
            f"“{_short(text.strip())}”是表格软件按数字显示的科学计数法，原号码的后几位已经丢失。"
            f"{_ASK_FOR_TEXT}"
        )
    if _POINT_ZERO.fullmatch(code):
        return f"“{_short(text.strip())}”末尾的“.0”是表格软件按数字保存造成的。{_ASK_FOR_TEXT}"
    return None


def uscc_check(body: str) -> str:
    """The 18th character that belongs to the first 17 (GB 32100-2015), all of the alphabet."""
    if len(body) != len(_USCC_WEIGHTS):
        raise ValueError(f"{len(_USCC_WEIGHTS)} characters are weighed, not {len(body)}")
    return _check_of(body)


def _check_of(body: str) -> str:
    total = sum(map(mul, body.encode("ascii").translate(_USCC_VALUES), _USCC_WEIGHTS))
    return USCC_ALPHABET[-total % 31]


def uscc_problem(text: str) -> str | None:
    """What is wrong with a 统一社会信用代码 (18 characters, GB 32100-2015), or None.

    The 组织机构代码 inside (characters 9–17) is not judged here: `organization_code_problem`.
    """
    if _is_uscc(text):
        return None
    problem = _uscc_fault("统一社会信用代码", clean(text))
    return problem and (excel_damage(text) or problem)


def _is_uscc(text: str) -> bool:
    """Whether a text as it stands is a true code: most are, and need no closer look."""
    return len(text) == 18 and _USCC_LETTERS.issuperset(text) and uscc_check(text[:17]) == text[17]


def _uscc_fault(name: str, code: str) -> str | None:
    problem = _shape_problem(name, code, 18)
    if problem:
        return problem
    expected = uscc_check(code[:17])
    if code[17] == expected:
        return None
    if code.isdigit() and code.endswith("000"):
        return f"{name}“{code}”的后几位被表格软件改成了 0。{_ASK_FOR_TEXT}"
    return (
        f"{name}“{code}”的第18位校验码应为“{expected}”，实为“{code[17]}”，"
        "其中至少有一位填写有误。请对照营业执照核对。"
    )


def _shape_problem(name: str, code: str, length: int) -> str | None:
    """Wrong length, or a character outside the alphabet of the USCC."""
    if not code:
        return f"{name}为空，应填{length}位代码。请对照证照填写。"
    if len(code) != length:
        return f"{name}应为{length}位，实为{len(code)}位{_seen(code)}。请对照证照核对。"
    return _alphabet_problem(name, code)


def _short(text: str) -> str:
    """What a sentence shows of a cell into which somebody pasted a whole page."""
    return text if len(text) <= 40 else text[:39] + "…"


def _seen(code: str) -> str:
    usual = _USUALLY.get(len(code))
    hint = f"，像是{usual}" if usual else ""
    return f"（“{_short(code)}”{hint}）"


def _alphabet_problem(name: str, code: str) -> str | None:
    if _USCC_LETTERS.issuperset(code):
        return None
    for place, character in enumerate(code, start=1):
        if character in USCC_ALPHABET:
            continue
        likely = _LOOKALIKES.get(character)
        hint = f"，可能应为“{likely}”" if likely else ""
        return (
            f"{name}第{place}位不得使用“{character}”{hint}。"
            "代码由数字和大写字母组成，不含 I、O、S、V、Z。请对照证照核对。"
        )
    return None


def organization_code_check(body: str) -> str:
    """The ninth character that belongs to the first eight (GB 11714)."""
    if len(body) != len(_ORGANIZATION_WEIGHTS):
        raise ValueError(f"{len(_ORGANIZATION_WEIGHTS)} characters are weighed, not {len(body)}")
    total = sum(
        map(mul, body.encode("ascii").translate(_ORGANIZATION_VALUES), _ORGANIZATION_WEIGHTS)
    )
    return "0123456789X0"[11 - total % 11]


def organization_code_problem(text: str) -> str | None:
    """What is wrong with a 组织机构代码 (8 + 1 characters, GB 11714, hyphen or not), or None."""
    if (
        len(text) == 9
        and _ORGANIZATION_LETTERS.issuperset(text)
        and organization_code_check(text[:8]) == text[8]
    ):
        return None
    problem = _organization_fault("组织机构代码", clean(text).replace("-", ""))
    return problem and (excel_damage(text) or problem)


def _organization_fault(name: str, code: str) -> str | None:
    if len(code) != 9:
        return f"{name}应为9位，实为{len(code)}位{_seen(code)}。请对照证照核对。"
    if not _ORGANIZATION_LETTERS.issuperset(code):
        return f"{name}“{code}”只能由数字和大写字母组成。请对照证照核对。"
    expected = organization_code_check(code[:8])
    if code[8] == expected:
        return None
    return (
        f"{name}“{code}”的第9位校验码应为“{expected}”，实为“{code[8]}”，"
        "其中至少有一位填写有误。请对照证照核对。"
    )


def site_code_problem(text: str, *, name: str = "固定污染源编码") -> str | None:
    """What is wrong with a 固定污染源编码 (18 + 3 digits + letter, HJ 608-2017), or None.

    Every letter is accepted at the end: permits and receipts show more than the standard's P.
    Their numbers have the same form; `name` is the column as the officer knows it.
    """
    if _is_site(text):
        return None
    problem = _site_fault(name, clean(text))
    return problem and (excel_damage(text) or problem)


def _is_site(text: str) -> bool:
    """Whether a text as it stands has the form: most have, and need no closer look."""
    tail = text[18:]
    return (
        len(text) == 22
        and _USCC_LETTERS.issuperset(text[:18])
        and tail.isascii()
        and tail[:3].isdigit()
        and tail[3].isupper()
    )


def _site_fault(name: str, code: str) -> str | None:
    if len(code) != 22:
        return (
            f"{name}应为22位，实为{len(code)}位{_seen(code)}。"
            "编码由18位代码、3位数字和1位字母组成，请对照排污许可证或登记回执核对。"
        )
    if not _SITE_TAIL.fullmatch(code[18:]):
        return (
            f"{name}末4位应为3位数字加1位字母，实为“{code[18:]}”。请对照排污许可证或登记回执核对。"
        )
    return _alphabet_problem(name, code[:18])


def site_code_warning(text: str, uscc: str = "") -> str | None:
    """A doubt that must not keep a well-formed 固定污染源编码 out of the register, or None.

    `uscc` is the subject's own where it has one. Units without a USCC are coded by other rules,
    so a wrong check character is only a hint.
    """
    code = clean(text)
    if site_code_problem(text):
        return None
    if code.startswith("H9"):
        return (
            f"固定污染源编码“{code}”是没有统一社会信用代码的单位所用的编码。"
            "单位确实没有的，可以忽略本提示。"
        )
    if uscc and code[:18] != clean(uscc):
        return (
            f"固定污染源编码“{code}”的前18位与统一社会信用代码“{clean(uscc)}”不同。"
            "请核对该场所是否属于另一家单位；确实如此的，可以忽略本提示。"
        )
    if uscc_check(code[:17]) == code[17]:
        return None
    return (
        f"固定污染源编码“{code}”的前18位不符合统一社会信用代码的校验规则。"
        "单位有统一社会信用代码的，请核对是否抄错；没有的，可以忽略本提示。"
    )


def contact_problem(text: str) -> str | None:
    """What is wrong with a 联系方式, or None: names beside the numbers are no matter."""
    if _TELEPHONE.fullmatch(text):
        return None
    apart = [number for piece in text.split() for number in _dialled(piece)]
    if apart and all(map(_is_telephone, apart)):
        return None
    numbers = _dialled(text)
    if not numbers:
        return f"联系方式“{text.strip()[:20]}”中没有电话号码。请填写手机号或带区号的固定电话。"
    wrong = next((number for number in numbers if not _is_telephone(number)), None)
    if wrong is None:
        return None
    return (
        f"联系方式中的“{wrong[:20]}”不像电话号码。"
        "手机号为11位数字，固定电话为区号加7或8位数字，请核对后重填。"
    )


def _dialled(text: str) -> list[str]:
    """The numbers in a text, blanks within them gone."""
    pieces = (clean(piece) for piece in _BETWEEN_NUMBERS.split(text))
    plain = "|".join(_COUNTRY.sub("", piece) for piece in pieces)
    return _DIALLED.findall(plain.replace("转", "-").replace("(", "").replace(")", "-"))


def _is_telephone(number: str) -> bool:
    return any(_TELEPHONE.fullmatch(found) for found in (number, number.replace("-", "")))


def region_code_problem(text: str) -> str | None:
    """What is wrong with the form of an area code, or None; whether it exists is not asked."""
    code = clean(text)
    if _REGION.fullmatch(code):
        return None
    return f"行政区域代码“{_short(code)}”应为6位数字（到街道的9位，到社区的12位）。请核对后重填。"


def industry_code_problem(text: str) -> str | None:
    """What is wrong with the form of a GB/T 4754-2017 code, its section letter given or not."""
    if _INDUSTRY.fullmatch(clean(text)):
        return None
    return (
        f"行业代码“{_short(clean(text))}”应为国民经济行业分类的2至4位数字，如3110。请核对后重填。"
    )


def document_number_problem(text: str) -> str | None:
    """What is wrong with a 发文字号 (organ code, 〔year〕, bare serial without 第), or None."""
    number = text.strip()
    if _DOCUMENT_NUMBER.fullmatch(number):
        return None
    if not _ALMOST_A_NUMBER.fullmatch(number):
        return (
            f"发文字号“{_short(number)}”写法不对，应由机关代字、六角括号内的四位年份和顺序号组成，"
            "请写成“唐环高发〔2024〕10号”的样子。"
        )
    faults = "；".join(_document_faults(number))
    return f"发文字号“{_short(number)}”写法不对：{faults}。请写成“唐环高发〔2024〕10号”的样子。"


def _document_faults(number: str) -> list[str]:
    found = [
        (not re.search(r"〔[0-9]+〕", number), "年份应放在六角括号〔〕内"),
        (not re.search(r"[^0-9][0-9]{4}[^0-9]", number), "年份应写全四位"),
        ("第" in number, "顺序号前不加“第”"),
        (bool(re.search(r"[^0-9]0[0-9]*号?$", number)), "顺序号不以0开头"),
        (not number.endswith("号"), "末尾应有“号”字"),
    ]
    faults = [says for is_so, says in found if is_so]
    return faults or ["机关代字应为汉字"]
