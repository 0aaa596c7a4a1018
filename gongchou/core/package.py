"""What is sent to the superior after a quarter, and what it still lacks (the Plan's 四（五）).

Table and summary go as an electronic file and as a stamped scan of the same thing. Their annexes
(domain §3.6) go in one form: the list of subjects as a file, the proof of publicity as pictures.
The summary is due before the quarter ends, when there is no table yet: then it goes alone.
"""

from collections.abc import Collection, Mapping, Sequence

from gongchou.core.terms import PackageForm, PackagePart, PackageState

Held = Collection[tuple[PackagePart, PackageForm]]
_BOTH = (PackageForm.ELECTRONIC, PackageForm.SCAN)
FORMS: Mapping[PackagePart, tuple[PackageForm, ...]] = {
    PackagePart.STATISTICS: _BOTH,
    PackagePart.SUMMARY: _BOTH,
    PackagePart.SUBJECTS: (PackageForm.ELECTRONIC,),
    PackagePart.PUBLICITY: (PackageForm.SCREENSHOT,),
}
ALL, AHEAD = tuple(PackagePart), (PackagePart.SUMMARY,)


def missing(held: Held, parts: Sequence[PackagePart] = ALL) -> tuple[str, ...]:
    """A sentence for each part that is not there in one of its forms, in order."""
    return tuple(
        f"缺少{part.label}的{form.label}。" if len(FORMS[part]) > 1 else f"缺少{part.label}。"
        for part in parts
        for form in FORMS[part]
        if (part, form) not in held
    )


def state(
    held: Held, parts: Sequence[PackagePart] = ALL, *, is_sent: bool, is_received: bool
) -> PackageState:
    """How far a package has come; ready only when nothing is missing."""
    if is_received:
        return PackageState.RECEIVED
    if is_sent:
        return PackageState.SENT
    return PackageState.INCOMPLETE if missing(held, parts) else PackageState.READY
