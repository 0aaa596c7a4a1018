"""What is wrong with a policy's file is told with its line and what to write instead."""

import json

import pytest

from gongchou.config.cli import main
from gongchou.core.refusals import Faults, Refused, sentences
from gongchou.law.load import load_profile

HEAD = """id = "linxi_2027"
title = "临溪区实施方案（虚构）"
document_number = "临环发〔2027〕1号"
since = 2027-01-01
"""
OVER = HEAD + 'lays_over = "tangshan_gaoxin_2024"\n'
ROW = 'since = 2027-01-01\nclause = "三"\nsays = "转述"\n'
KEY_RULE = '[[class_rule]]\nstratum = "key"\nfact = "permit_category"\nvalues = ["key"]\n' + ROW
ORDER = '[[parameter]]\nkey = "precedence"\nvalue = [{}]\n' + ROW
WHOLE = '"special", "general_listed", "key", "general_unlisted"'
RULING = (
    '[[ruling]]\nref = "{}"\nkey = "special.credit"\nclause = "三"\nquestion = "问"\n'
    'reading = "答"\ndecided_by = "小组（虚构）"\non = 2027-01-01\nreplaces = "{}"\n'
)


def quota(ratio: str = '"25/100"', more: str = ROW) -> str:
    return f'[[quota]]\nstratum = "key"\nratio = {ratio}\n{more}'


# What is wrong, the file, the line that is named, and what is to be done about it.
FAULTS = [
    ("小数比例", OVER + quota("0.25"), 8, "写成带引号的分数"),
    ("小数份额", OVER + '[[share]]\nkey = "tiered"\nleast = 0.85\n' + ROW, 8, "带引号的分数"),
    ("小数设置", OVER + '[[parameter]]\nkey = "cap.daily"\nvalue = 1.5\n' + ROW, 8, "请写整数"),
    ("未知事实", OVER + KEY_RULE.replace("permit_category", "luck"), 8, "可用的有permit_category"),
    ("未知取值", OVER + KEY_RULE.replace('["key"]', '["big"]'), 9, "应取自key"),
    ("未知层", OVER + quota().replace('"key"', '"vip"'), 7, "应为special、"),
    ("同一条件两次", OVER + KEY_RULE * 2, 13, "请只留一条"),
    ("同一比例两次", OVER + quota() * 2, 12, "请只留一条"),
    ("先后写两份", OVER + ORDER.format(WHOLE) * 2, 12, "请只留一条"),
    ("同一先后", OVER + ORDER.format('"special", "special", "key", "general_unlisted"'), 8,
     "四个层各列一次"),
    ("先后循环", OVER + ORDER.format('"special", "key", "special", "general_unlisted"'), 8,
     "“special”先于“key”，“key”又先于“special”"),
    ("先后不全", OVER + ORDER.format('"special", "key"'), 8, "四个层各列一次"),
    ("缺起始日期", OVER + quota(more='clause = "三"\nsays = "转述"\n'), 6,
     "缺少日期“since”，请写成 2024-03-28"),
    ("日期加了引号", OVER + quota().replace("2027-01-01", '"2027-01-01"'), 9, "不加引号"),
    ("方案缺起始日期", HEAD.replace("since = 2027-01-01\n", ""), 1, "缺少日期“since”"),
    ("止日早于起日", OVER + quota(more=ROW + "until = 2026-12-31\n"), 12, "应晚于“since”"),
    ("比例大于一", OVER + quota('"125/100"'), 8, "应在 0 与 1 之间"),
    ("份额大于一", OVER + '[[share]]\nkey = "tiered"\nleast = "6/5"\n' + ROW, 8, "0 与 1 之间"),
    ("空层有比例", HEAD + KEY_RULE + quota().replace('"key"', '"special"'), 14, "请补上条件"),
    ("口径循环", OVER + RULING.format("a", "b") + RULING.format("b", "a"), 14, "互相替代"),
    ("口径替代自己", OVER + RULING.format("a", "a"), 14, "成了循环"),
    ("早于所沿用的", OVER + quota().replace("2027-01-01", "2024-01-01"), 9,
     "改为 2024-03-28 或以后"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "remedy"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS]
)
def test_a_fault_is_told_with_its_line_and_remedy(tmp_path, text, line, remedy):
    path = tmp_path / "own.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(Refused) as caught:
        load_profile(str(path))
    assert f"own.toml 第 {line} 行" in str(caught.value)
    assert remedy in str(caught.value)


def test_a_policy_laid_over_one_that_lies_over_it_is_a_circle(tmp_path):
    path = tmp_path / "own.toml"
    head = HEAD.replace("linxi_2027", "tangshan_gaoxin_2024")
    path.write_text(head + 'lays_over = "overlay_2025"\n', "utf-8")
    with pytest.raises(Refused, match="lays_over 成了循环；请为本方案另取 id"):
        load_profile(str(path))


def test_a_policy_without_any_condition_is_told_what_it_lacks(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(HEAD + quota(), "utf-8")
    with pytest.raises(Refused, match="一条 \\[\\[class_rule\\]\\] 也没有"):
        load_profile(str(path))


def test_the_command_says_the_same_and_fails(tmp_path, capsys):
    path = tmp_path / "own.toml"
    path.write_text(OVER + quota("0.25"), "utf-8")
    assert main(["policy", "validate", str(path)]) == 1
    told = "".join(capsys.readouterr())
    assert "own.toml 第 8 行（第 1 个 [[quota]]）：“ratio”应写成带引号的分数" in told


def test_a_sound_file_is_told_sound(tmp_path, capsys):
    path = tmp_path / "own.toml"
    path.write_text(OVER + quota('"30/100"'), "utf-8")
    assert main(["policy", "validate", str(path)]) == 0
    assert "写法正确" in capsys.readouterr().out


EVERY = (
    OVER.replace('document_number = "临环发〔2027〕1号"\n', "")
    + quota("0.25")
    + KEY_RULE.replace("permit_category", "luck")
    + ORDER.format('"special", "special", "key", "general_unlisted"')
    + quota('"125/100"', 'clause = "三"\nsays = "转述"\nlucky = true\n').replace("key", "special")
    + RULING.format("a", "a")
    + '[[share]]\nkey = "tiered"\nleast = "6/5"\nsince = "2027-01-01"\nclause = "三"\nsays = "转"\n'
)
WANTED = (
    (1, "document_number"), (7, "写成带引号的分数"), (13, "可用的有permit_category"),
    (20, "四个层各列一次"), (29, "不认识的字段“lucky”"), (26, "应在 0 与 1 之间"),
    (24, "缺少日期“since”"), (38, "成了循环"), (41, "0 与 1 之间"), (42, "不加引号"),
)  # fmt: skip


def test_every_fault_of_a_file_is_told_in_one_run(tmp_path, capsys):
    path = tmp_path / "own.toml"
    path.write_text(EVERY, "utf-8")
    assert main(["policy", "validate", str(path), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert not told["ok"]
    for line, remedy in WANTED:
        assert [s for s in told["problems"] if f"own.toml 第 {line} 行" in s and remedy in s]
    assert len(told["problems"]) == len(WANTED)


def test_faults_of_several_files_and_a_wrong_foundation_are_told_together(tmp_path):
    (tmp_path / "profile.toml").write_text(HEAD + 'lays_over = "nowhere"\n', "utf-8")
    (tmp_path / "quotas.toml").write_text(quota("0.25"), "utf-8")
    (tmp_path / "shares.toml").write_text('[[share]]\nkey = "luck"\nleast = "1/2"\n', "utf-8")
    with pytest.raises(Faults) as caught:
        load_profile(str(tmp_path))
    says = sentences(caught.value)
    assert "“nowhere”不是随产品提供的方案编号" in says[0]
    assert [s.split(" ")[0] for s in says[1:]] == ["quotas.toml", *["shares.toml"] * 4]


def test_texts_that_are_no_toml_are_each_told(tmp_path):
    (tmp_path / "a.toml").write_text(HEAD + "x = \n", "utf-8")
    (tmp_path / "b.toml").write_text("[[quota]\n", "utf-8")
    with pytest.raises(Faults) as caught:
        load_profile(str(tmp_path))
    assert [s[:8] for s in sentences(caught.value)] == ["“a.toml”", "“b.toml”"]
