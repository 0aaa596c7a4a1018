"""Every change of a draw, in the order of the ceremony."""

from gongchou.drawing.actions.ceremony import announce_draw as announce_draw
from gongchou.drawing.actions.ceremony import commit_contribution as commit_contribution
from gongchou.drawing.actions.ceremony import confirm_closing as confirm_closing
from gongchou.drawing.actions.ceremony import enter_closing as enter_closing
from gongchou.drawing.actions.drawn import confirm_draw as confirm_draw
from gongchou.drawing.actions.drawn import record_refused_view as record_refused_view
from gongchou.drawing.actions.drawn import record_view as record_view
from gongchou.drawing.actions.drawn import reveal as reveal
from gongchou.drawing.actions.freezing import freeze_draw as freeze_draw
from gongchou.drawing.actions.freezing import void_draw as void_draw
from gongchou.drawing.actions.heads import cosign_head as cosign_head
from gongchou.drawing.actions.heads import sign_log as sign_log
from gongchou.drawing.actions.keys import enrol_custodian as enrol_custodian
from gongchou.drawing.actions.keys import establish_key as establish_key
from gongchou.drawing.actions.openings import agree as agree
from gongchou.drawing.actions.openings import refuse_opening as refuse_opening
from gongchou.drawing.actions.requests import request_escrow as request_escrow
from gongchou.drawing.actions.requests import request_publication as request_publication
from gongchou.drawing.actions.requests import request_release as request_release
from gongchou.drawing.actions.requests import request_reseat as request_reseat
from gongchou.drawing.actions.requests import request_substitution as request_substitution
