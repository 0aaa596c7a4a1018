"""What a contributor gives: a text with enough chance in it, and a promise that binds it.

The text itself is stored nowhere. The nonce lies under a key made of the text, so that whoever
keeps the text can reveal; text and nonce together lie in escrow under the group's key.
"""

import unicodedata
from dataclasses import dataclass

from gongchou.core import joint
from gongchou.core.canon import canon, hash_of, parse
from gongchou.core.draw import seed_commitment
from gongchou.core.draw_values import Reveal
from gongchou.core.refusals import Invalid, Refused
from gongchou.core.terms import Role
from gongchou.drawing import strongbox

SHORTEST, DICE, DIGITS, KINDS = 16, 50, 39, 4
SYSTEM = "系统"
PARTY = {Role.WITNESS: "现场监督", Role.SECRECY: "保密领导小组"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What is stored of a contribution."""

    commitment: str
    locked_nonce: bytes
    escrow: bytes


def share_of(text: str) -> bytes:
    """The share that a text is; Refused where there is too little chance in it."""
    words = unicodedata.normalize("NFC", text.strip())
    try:
        canon(words)
    except Invalid as error:
        raise Refused("贡献的文字里有不能使用的字符，请写在一行之内，不用特殊符号。") from error
    share = words.encode()
    if len(share) < SHORTEST:
        raise Refused(
            f"贡献的文字太短：至少 {SHORTEST} 个字母或数字，汉字至少 6 个。请再写长一些。"
        )
    if set(words) <= set("123456") and len(words) < DICE:
        raise Refused(f"骰子点数至少投 {DICE} 次，现有 {len(words)} 次。请继续投掷后一并录入。")
    if words.isdecimal() and not set(words) <= set("123456") and len(words) < DIGITS:
        raise Refused(f"纯数字至少 {DIGITS} 位，现有 {len(words)} 位。请补足后再提交。")
    if len(set(words)) < KINDS:
        raise Refused("贡献的文字几乎都是同一个字，容易被猜到。请换一段别人想不到的文字。")
    return share


def promise(
    reveal: Reveal,
    *,
    draw: str,
    profile: str,
    group_public: bytes,
    words: str,
    is_joint: bool = False,
) -> Promise:
    """Bind a share; `words` lock its nonce."""
    bind = joint.seed_commitment if is_joint else seed_commitment
    role, nonce, share = reveal.role, reveal.nonce, reveal.share
    return Promise(
        commitment=bind(hash_of(profile), draw=draw, role=role, nonce=nonce, share=share),
        locked_nonce=strongbox.lock(words, nonce, about=_about(draw, role)),
        escrow=strongbox.seal(group_public, packed(nonce, share), about=_about(draw, role)),
    )


def reveal_of(words: str, locked_nonce: bytes, *, draw: str, role: str) -> Reveal:
    """Nonce and share from the text that was promised; WrongKey for any other text."""
    nonce = strongbox.unlock(words, locked_nonce, about=_about(draw, role))
    return Reveal(role=role, nonce=nonce, share=words.encode())


def from_escrow(private: bytes, escrow: bytes, *, draw: str, role: str) -> Reveal:
    return unpacked(role, strongbox.unseal(private, escrow, about=_about(draw, role)))


def hold(reveal: Reveal, draw: str) -> bytes:
    """A revealed share under the server's key, until the last one arrives."""
    plain = packed(reveal.nonce, reveal.share)
    return strongbox.hide(strongbox.server_key(), plain, about=_about(draw, reveal.role))


def held(hidden: bytes, *, draw: str, role: str) -> Reveal:
    return unpacked(role, strongbox.show(strongbox.server_key(), hidden, about=_about(draw, role)))


def _about(draw: str, role: str) -> str:
    return f"{draw}/{role}"


def packed(nonce: bytes, share: bytes) -> bytes:
    return canon([nonce.hex(), share.hex()])


def unpacked(role: str, plain: bytes) -> Reveal:
    nonce, share = parse(plain)
    return Reveal(role=role, nonce=bytes.fromhex(nonce), share=bytes.fromhex(share))
