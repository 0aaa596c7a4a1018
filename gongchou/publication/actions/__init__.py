"""Every change of what is, or will be, public."""

from gongchou.publication.actions.decide import approve as approve
from gongchou.publication.actions.decide import publish as publish
from gongchou.publication.actions.decide import return_ as return_
from gongchou.publication.actions.decide import withdraw as withdraw
from gongchou.publication.actions.decide import withdraw_result as withdraw_result
from gongchou.publication.actions.firms import issue_firm_code as issue_firm_code
from gongchou.publication.actions.firms import renew_firm_slip as renew_firm_slip
from gongchou.publication.actions.outward import record_permit_entries as record_permit_entries
from gongchou.publication.actions.propose import correct as correct
from gongchou.publication.actions.propose import correct_table as correct_table
from gongchou.publication.actions.propose import propose_again as propose_again
from gongchou.publication.actions.propose import propose_annual_plan as propose_annual_plan
from gongchou.publication.actions.propose import propose_draw_record as propose_draw_record
from gongchou.publication.actions.propose import propose_item_list as propose_item_list
from gongchou.publication.actions.propose import propose_or_correct as propose_or_correct
from gongchou.publication.actions.propose import propose_plan as propose_plan
from gongchou.publication.actions.propose import propose_results as propose_results
from gongchou.publication.actions.propose import propose_table as propose_table
from gongchou.publication.actions.propose import publish_announcement as publish_announcement
from gongchou.publication.actions.propose import publish_checkpoint as publish_checkpoint
from gongchou.publication.actions.propose import publish_log_head as publish_log_head
from gongchou.publication.actions.propose import publish_sealed_root as publish_sealed_root
from gongchou.publication.actions.propose import publish_void as publish_void
from gongchou.publication.actions.slips import renew_slip as renew_slip
from gongchou.publication.actions.trade_secrets import disclose_again as disclose_again
from gongchou.publication.actions.trade_secrets import withhold as withhold
