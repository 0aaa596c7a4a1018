"""Near copies are found exactly, and among five hundred records nearly nothing else."""

import random
from fractions import Fraction
from itertools import combinations

from gongchou.core.likeness import groups, near_copies, share

SEED = 20260105
LEAST = Fraction(80, 100)
PARTS = (
    ["东厂区", "西厂区", "一车间", "二车间", "污水站", "危废间", "锅炉房", "喷漆房", "原料库"],
    ["活性炭箱", "喷淋塔", "布袋除尘器", "在线监测仪", "加药装置", "防渗层", "雨水阀门", "标识牌"],
    [
        "运行正常",
        "有更换记录",
        "台账缺最近两周",
        "压差偏高",
        "现场停用",
        "校准在有效期内",
        "有渗漏痕迹",
    ],
    ["已拍照", "要求三日内说明", "与执行报告一致", "负责人在场确认", "另行采样", "已当场整改到位"],
)


def record(chance: random.Random) -> str:
    lines = ("，".join(chance.choice(words) for words in PARTS) for _ in range(8))
    return "。".join(f"{line}，读数{chance.randrange(1000, 99999)}" for line in lines)


def edited(text: str, chance: random.Random) -> str:
    """A copy in which somebody changed a few letters to make it look like another."""
    letters = list(text)
    for _ in range(4):
        letters[chance.randrange(len(letters))] = chance.choice("甲乙丙丁")
    return "".join(letters)


def test_ten_copies_among_five_hundred_are_found_and_hardly_anything_else():
    chance = random.Random(SEED)
    texts = {f"V{n:03}": record(chance) for n in range(490)}
    planted = {f"V{n:03}" for n in range(490, 500)}
    texts |= {key: edited(texts[f"V{n * 7:03}"], chance) for n, key in enumerate(sorted(planted))}
    found = near_copies(texts, least=LEAST)
    copies = {row.other for row in found} & planted
    false = {key for row in found for key in (row.one, row.other)} - planted
    false -= {f"V{n * 7:03}" for n in range(10)}
    assert len(copies) >= 9
    assert len(false) * 100 <= 490


def test_without_copies_nothing_is_found():
    chance = random.Random(SEED + 1)
    assert near_copies({str(n): record(chance) for n in range(200)}, least=LEAST) == ()


def test_the_quick_search_finds_what_comparing_all_pairs_finds():
    chance = random.Random(SEED + 2)
    texts = {f"{n:02}": record(chance)[:60] for n in range(40)}
    texts |= {f"c{n}": edited(texts[f"{n:02}"], chance) for n in range(8)}
    for least in (Fraction(1, 10), Fraction(1, 3), Fraction(2, 3), Fraction(1)):
        slow = {
            (one, other)
            for one, other in combinations(sorted(texts), 2)
            if share(groups(texts[one]), groups(texts[other])) >= least
        }
        assert {(row.one, row.other) for row in near_copies(texts, least=least)} == slow


def test_width_blanks_and_punctuation_make_no_difference():
    assert groups("ＡＢＣ，１２３ 号") == groups("abc123号")
    assert share(groups(""), groups("")) == 0
