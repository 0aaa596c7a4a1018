"""What the demonstration's bureau held in a quarter: one training, one outreach, one service."""

from datetime import date, datetime
from functools import partial

from gongchou.accounts import reads as accounts
from gongchou.config.demo_agenda import Agenda, after, at, person
from gongchou.config.demo_bureau import CODE
from gongchou.core.terms import TrainingKind
from gongchou.core.workdays import Quarter
from gongchou.training import actions
from gongchou.web.clock import day_of

STAFF, OUTREACH, SERVICE = 2, 22, 40
QUESTIONS = """进入现场首先应当做什么？
- 查阅台账
* 出示行政执法证
检查记录什么时候填写？
* 当场填写并提交
- 回到单位以后补写
不能签字的怎么办？
- 代为签字
* 写明原因，由见证人签字或录像
"""
LEAFLET = b"%PDF-1.4\n% leaflet of the demonstration, fictional\n%%EOF\n"


def schedule(agenda: Agenda, day: date) -> None:
    """From the day of the draw on, spread over the quarter."""
    agenda.put(at(after(day, STAFF), 17), _train)
    agenda.put(at(after(day, OUTREACH), 17), _reach_out)
    agenda.put(at(after(day, SERVICE), 17), partial(_serve, agenda))


def _train(when: datetime) -> None:
    people = [one.ref for one in accounts.people(CODE, day_of(when))]
    draft = actions.EventDraft(
        kind=TrainingKind.STAFF,
        title="现场检查程序和记录填写（演示）",
        held_on=day_of(when),
        place="分局会议室",
        audience="执法人员、审核人员",
        audience_count=len(people),
        says="讲解亮证告知、当场记录、签字确认、及时提交，并做了模拟检查。",
        laws="行政处罚法第五十五条",
    )
    by = person("chen", when)
    ref = actions.record_event(draft, people, by=by, at=when)
    actions.add_material(ref, "培训课件（演示）.pdf", LEAFLET, by=by, at=when)
    quiz = actions.QuizDraft(
        title="现场检查程序小测（演示）",
        text=QUESTIONS,
        least=2,
        attempts=3,
        until=after(day_of(when), 5),
    )
    test = actions.make_quiz(ref, quiz, by=by, at=when)
    for login, answers in (("li", (1, 0, 1)), ("wang", (0, 1, 0)), ("wang", (1, 0, 0))):
        actions.take_quiz(test, answers, by=person(login, when), at=when)


def _reach_out(when: datetime) -> None:
    draft = actions.EventDraft(
        kind=TrainingKind.OUTREACH,
        title="“双随机、一公开”进园区（演示）",
        held_on=day_of(when),
        place="园区广场",
        audience="辖区企业和群众",
        audience_count=60,
        says="介绍抽取怎样公开、怎样自己验证抽取结果，发放宣传单。",
        laws="排污许可管理条例",
    )
    actions.record_event(draft, by=person("chen", when), at=when)


def _serve(agenda: Agenda, when: datetime) -> None:
    draft = actions.EventDraft(
        kind=TrainingKind.SERVICE,
        title="台账和自行监测座谈（演示）",
        held_on=day_of(when),
        place="园区管委会",
        audience="简化管理排污单位环保负责人",
        audience_count=18,
        says="逐项讲解台账内容、保存期限和自行监测频次，当场解答问题。",
        laws="排污许可管理条例第二十一条",
    )
    actions.record_event(draft, by=person("chen", when), at=when)
    quarter = Quarter.of(day_of(when))
    ref = actions.offer_practice(
        f"检查前一页纸：{quarter.label}（演示）",
        "进门前把许可、处罚、举报和上次问题汇成一页，两名检查人员一起看。",
        "现场少问重复的问题，检查时间缩短。",
        "执法大队",
        by=person("chen", when),
        at=when,
    )
    agenda.put(at(after(day_of(when), 3), 10), partial(_take_up, ref))


def _take_up(ref: str, when: datetime) -> None:
    opinion = "各科室照此办理（演示）"
    actions.decide_practice(ref, opinion, is_taken_up=True, by=person("zhao", when), at=when)
