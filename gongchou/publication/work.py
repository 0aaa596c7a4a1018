"""What the job runner calls: it carries and proposes what others decided, and decides nothing."""

from gongchou.accounts import reads as accounts
from gongchou.audit import reads as audit
from gongchou.core.powers import system
from gongchou.core.terms import DrawState
from gongchou.drawing import log_reads
from gongchou.drawing import reads as draws
from gongchou.inspection import reads as visits
from gongchou.publication import actions, due, office, slip_reads
from gongchou.publication.gathering_slips import SHOWN
from gongchou.web import clock


def publish_announcement(ref: str) -> None:
    """Soon after a draw was announced; asked twice, it changes nothing."""
    by = system(draws.draw(ref).bureau)
    actions.publish_announcement(ref, by=by, at=clock.now())


def propose_item_lists() -> None:
    """After an approval and every hour: the newest approved list goes to the approver by itself.

    One that was ever proposed, even if it was sent back or withdrawn, is left to people.
    """
    for bureau in accounts.bureaus():
        newest = next(iter(office.item_lists_to_propose(bureau.code)), None)
        if newest:
            actions.propose_item_list(newest, by=system(bureau.code), at=clock.now())


def publish_draws() -> None:
    """Every few minutes: announcements that were missed, and roots, voids, log heads since then.

    However long the machine stood still, no quarter is passed over.
    """
    at = clock.now()
    for bureau in accounts.bureaus():
        _publish_heads(bureau.code)
        for wanted in draws.quarters(bureau.code):
            for row in draws.draws(bureau.code, wanted):
                if row.announced_at:
                    actions.publish_announcement(row.ref, by=system(bureau.code), at=at)
                if row.announced_at and row.state is DrawState.VOID:
                    actions.publish_void(row.ref, by=system(bureau.code), at=at)
                if row.state in (DrawState.SEALED, DrawState.PUBLISHED):
                    actions.publish_sealed_root(row.ref, by=system(bureau.code), at=at)


def _publish_heads(bureau: str) -> None:
    """The newest head of the draw log, and the newest that the superior has cosigned."""
    by, at, heads = system(bureau), clock.now(), log_reads.heads(bureau)
    for head in heads[-1:]:
        actions.publish_log_head(head.size, by=by, at=at)
    for head in [head for head in heads if head.cosigned_by][-1:]:
        actions.publish_log_head(head.size, by=by, at=at)
        actions.publish_log_head(head.size, is_witnessed=True, by=by, at=at)


def publish_checkpoints() -> None:
    """Every night: where the chain of events of each bureau stands."""
    at = clock.now()
    for bureau in accounts.bureaus():
        if not bureau.is_partner and audit.head(bureau.code):
            actions.publish_checkpoint(by=system(bureau.code), at=at)


def renew_slips() -> None:
    """Every few minutes: what enterprises may see of their visits, of this quarter and the last.

    Of older visits those that have no slip yet: a firm's year leads to each of them.
    """
    recent, older = _quarters()
    for bureau in accounts.bureaus():
        _renew(bureau.code, _shown(bureau.code, recent))
        shown = _shown(bureau.code, older)
        known = slip_reads.digests(bureau.code, shown)
        _renew(bureau.code, [ref for ref in shown if ref not in known])


def renew_old_slips() -> None:
    """Every night: older visits, of which a decision may be revoked or a result published late."""
    for bureau in accounts.bureaus():
        _renew(bureau.code, _shown(bureau.code, _quarters()[1]))


def _quarters() -> tuple[list[str], list[str]]:
    """This quarter and the last; and those before, of which a result may still be due."""
    found = due.quarters(clock.day_of(clock.now()))
    return found[:2], found[2:]


def _shown(bureau: str, quarters: list[str]) -> list[str]:
    held = [visit for quarter in quarters for visit in visits.visits(bureau, quarter)]
    return [visit.ref for visit in held if visit.state in SHOWN]


def _renew(bureau: str, refs: list[str]) -> None:
    at = clock.now()
    for ref in refs:
        actions.renew_slip(ref, by=system(bureau), at=at)


def renew_firm_slips() -> None:
    """Every ten minutes: what firms with a code of the year may see of their draws and visits."""
    at = clock.now()
    for bureau in accounts.bureaus():
        for subject in slip_reads.firms_with_code(bureau.code, clock.day_of(at).year):
            actions.renew_firm_slip(subject, by=system(bureau.code), at=at)
