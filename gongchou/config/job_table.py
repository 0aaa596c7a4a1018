"""Every job of the product."""

from gongchou.jobs.registry import Job

JOBS = (
    Job(
        name="clear_sessions", function="gongchou.config.nightly.clear_sessions", cron="30 3 * * *"
    ),
    Job(name="build_facts", function="gongchou.config.nightly.build_facts", cron="3 * * * *"),
    Job(
        name="make_statistics", function="gongchou.config.nightly.make_statistics", cron="5 0 * * *"
    ),
    Job(name="raise_alarms", function="gongchou.config.nightly.raise_alarms", cron="40 1 * * *"),
    Job(
        name="sign_draw_logs", function="gongchou.config.nightly.sign_draw_logs", cron="10 0 * * *"
    ),
    Job(
        name="write_own_years",
        function="gongchou.config.nightly.write_own_years",
        cron="*/10 * * * *",
    ),
    Job(name="verify_trails", function="gongchou.config.nightly.verify_trails", cron="0 4 * * *"),
    Job(name="open_clue", function="gongchou.inspection.work.open_clue"),
    Job(
        name="publish_announcement",
        function="gongchou.publication.work.publish_announcement",
    ),
    Job(
        name="propose_item_lists",
        function="gongchou.publication.work.propose_item_lists",
        cron="20 * * * *",
    ),
    Job(
        name="publish_draws", function="gongchou.publication.work.publish_draws", cron="*/5 * * * *"
    ),
    Job(
        name="renew_firm_slips",
        function="gongchou.publication.work.renew_firm_slips",
        cron="15 0 * * *",
    ),
    Job(name="renew_slips", function="gongchou.publication.work.renew_slips", cron="*/5 * * * *"),
)
