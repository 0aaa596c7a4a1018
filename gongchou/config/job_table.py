"""Every job of the product."""

from gongchou.jobs.registry import Job

JOBS = (
    Job(
        name="clear_sessions", function="gongchou.config.nightly.clear_sessions", cron="30 3 * * *"
    ),
    Job(name="clear_uploads", function="gongchou.config.nightly.clear_uploads", cron="45 3 * * *"),
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
    Job(name="judge_hours", function="gongchou.config.nightly.judge_hours", cron="25 * * * *"),
    Job(name="judge_days", function="gongchou.config.nightly.judge_days", cron="15 2 * * *"),
    Job(name="seal_tables", function="gongchou.config.nightly.seal_tables", cron="12 * * * *"),
    Job(
        name="keep_checkpoints",
        function="gongchou.config.nightly.keep_checkpoints",
        cron="50 3 * * *",
    ),
    Job(
        name="publish_checkpoints",
        function="gongchou.publication.work.publish_checkpoints",
        cron="20 4 * * *",
    ),
    Job(name="verify_trails", function="gongchou.config.nightly.verify_trails", cron="0 4 * * *"),
    Job(name="tell_systems", function="gongchou.webhooks.work.tell_systems", cron="* * * * *"),
    Job(name="open_clue", function="gongchou.offsite.work.open_clue"),
    Job(
        name="expire_watched_clues",
        function="gongchou.offsite.work.expire_watched_clues",
        cron="20 2 * * *",
    ),
    Job(name="tell_officers", function="gongchou.inspection.telling.tell_officers"),
    Job(name="tell_office", function="gongchou.inspection.telling.tell_office"),
    Job(name="dispatch_due", function="gongchou.inspection.work.dispatch", cron="*/10 * * * *"),
    Job(name="remind_visits", function="gongchou.inspection.work.remind", cron="*/15 * * * *"),
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
        cron="*/10 * * * *",
    ),
    Job(name="export_portal", function="gongchou.portal.work.export_portal", cron="* * * * *"),
    Job(
        name="renew_old_slips",
        function="gongchou.publication.work.renew_old_slips",
        cron="50 4 * * *",
    ),
    Job(name="renew_slips", function="gongchou.publication.work.renew_slips", cron="*/5 * * * *"),
)
