import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inspection", "0011_clues_live_offsite"),
    ]

    operations = [
        migrations.CreateModel(
            name="CameraReference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_ref", models.CharField(max_length=40, verbose_name="登记人编号")),
                ("by_name", models.CharField(max_length=80, verbose_name="登记人")),
                ("at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "device",
                    models.CharField(blank=True, max_length=40, verbose_name="执法记录仪编号"),
                ),
                ("number", models.CharField(max_length=80, verbose_name="录像文件编号")),
                ("began_at", models.DateTimeField(null=True, verbose_name="开始时间")),
                ("says", models.CharField(blank=True, max_length=200, verbose_name="记录内容")),
                ("client_id", models.CharField(max_length=64, verbose_name="设备操作编号")),
            ],
        ),
        migrations.CreateModel(
            name="ExternalNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_ref", models.CharField(max_length=40, verbose_name="登记人编号")),
                ("by_name", models.CharField(max_length=80, verbose_name="登记人")),
                ("at", models.DateTimeField(verbose_name="登记时间")),
                ("system", models.CharField(max_length=60, verbose_name="上级系统")),
                ("number", models.CharField(max_length=80, verbose_name="上级系统编号")),
            ],
        ),
        migrations.CreateModel(
            name="FollowUpPhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_ref", models.CharField(max_length=40, verbose_name="登记人编号")),
                ("by_name", models.CharField(max_length=80, verbose_name="登记人")),
                ("at", models.DateTimeField(verbose_name="登记时间")),
                ("ref", models.CharField(max_length=60, unique=True, verbose_name="编号")),
                (
                    "before",
                    models.CharField(blank=True, max_length=60, verbose_name="改正前的照片"),
                ),
                ("file", models.FileField(max_length=200, upload_to="", verbose_name="原件")),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("media_type", models.CharField(max_length=40, verbose_name="格式")),
                ("size", models.PositiveBigIntegerField(verbose_name="字节数")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("sm3", models.CharField(max_length=64, verbose_name="SM3")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TransferReceipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_ref", models.CharField(max_length=40, verbose_name="登记人编号")),
                ("by_name", models.CharField(max_length=80, verbose_name="登记人")),
                ("at", models.DateTimeField(verbose_name="登记时间")),
                ("received_on", models.DateField(verbose_name="签收日期")),
                ("received_by", models.CharField(max_length=80, verbose_name="签收人")),
                ("number", models.CharField(blank=True, max_length=80, verbose_name="回执文号")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="VisitApproval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_ref", models.CharField(max_length=40, verbose_name="登记人编号")),
                ("by_name", models.CharField(max_length=80, verbose_name="登记人")),
                ("at", models.DateTimeField(verbose_name="登记时间")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="批准意见")),
                (
                    "assistants",
                    models.PositiveSmallIntegerField(default=0, verbose_name="协助检查人员数"),
                ),
                (
                    "unannounced_ground",
                    models.CharField(blank=True, max_length=300, verbose_name="不事先通知的依据"),
                ),
                (
                    "emergency_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="事后补办的紧急情况"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="VisitReceipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("inspector", models.CharField(max_length=40, verbose_name="检查人员编号")),
                ("name", models.CharField(max_length=80, verbose_name="姓名")),
                (
                    "way",
                    models.CharField(
                        choices=[("phone", "手机领取"), ("page", "打开页面")],
                        max_length=20,
                        verbose_name="收到方式",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="收到时间")),
            ],
        ),
        migrations.CreateModel(
            name="VisitReminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=30, verbose_name="规则")),
                (
                    "waits_for",
                    models.CharField(
                        choices=[
                            ("receipt", "每人收到派发"),
                            ("acceptance", "接收检查"),
                            ("arrival", "登记到场"),
                            ("submission", "提交记录"),
                        ],
                        max_length=20,
                        verbose_name="等待",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("yellow", "黄牌提醒"), ("red", "红牌督办")],
                        max_length=20,
                        verbose_name="等级",
                    ),
                ),
                ("says", models.CharField(max_length=200, verbose_name="说明")),
                ("since", models.DateTimeField(verbose_name="起算时间")),
                ("at", models.DateTimeField(verbose_name="提醒时间")),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="fieldoperation",
            name="operation_kind_known",
        ),
        migrations.AlterField(
            model_name="fieldoperation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("accept", "接收检查"),
                    ("briefing", "确认检查前学习"),
                    ("arrive", "登记到场"),
                    ("evidence", "添加证据"),
                    ("save", "保存记录"),
                    ("clue", "登记线索"),
                    ("sign", "签字"),
                    ("recording", "登记执法记录仪录像"),
                    ("submit", "提交记录"),
                ],
                max_length=20,
                verbose_name="种类",
            ),
        ),
        migrations.AddConstraint(
            model_name="fieldoperation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "accept",
                            "briefing",
                            "arrive",
                            "evidence",
                            "save",
                            "clue",
                            "sign",
                            "recording",
                            "submit",
                        ],
                    )
                ),
                name="operation_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="camerareference",
            name="visit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cameras",
                to="inspection.visit",
            ),
        ),
        migrations.AddField(
            model_name="externalnumber",
            name="visit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="external_numbers",
                to="inspection.visit",
            ),
        ),
        migrations.AddField(
            model_name="followupphoto",
            name="follow_up",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="photos",
                to="inspection.followup",
            ),
        ),
        migrations.AddField(
            model_name="transferreceipt",
            name="transfer",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receipt",
                to="inspection.transfer",
            ),
        ),
        migrations.AddField(
            model_name="visitapproval",
            name="visit",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="approval",
                to="inspection.visit",
            ),
        ),
        migrations.AddField(
            model_name="visitreceipt",
            name="visit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receipts",
                to="inspection.visit",
            ),
        ),
        migrations.AddField(
            model_name="visitreminder",
            name="visit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reminders",
                to="inspection.visit",
            ),
        ),
        migrations.AddConstraint(
            model_name="camerareference",
            constraint=models.UniqueConstraint(
                fields=("visit", "number"), name="one_recording_a_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="camerareference",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", ""), _negated=True), name="recording_has_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="externalnumber",
            constraint=models.UniqueConstraint(
                fields=("visit", "system", "number"), name="one_entry_an_external_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="externalnumber",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", ""), _negated=True), name="external_number_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="visitreceipt",
            constraint=models.UniqueConstraint(
                fields=("visit", "inspector"), name="one_receipt_a_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="visitreceipt",
            constraint=models.CheckConstraint(
                condition=models.Q(("way__in", ["phone", "page"])), name="way_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="visitreminder",
            constraint=models.UniqueConstraint(fields=("visit", "rule"), name="one_card_a_rule"),
        ),
        migrations.AddConstraint(
            model_name="visitreminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("waits_for__in", ["receipt", "acceptance", "arrival", "submission"])
                ),
                name="card_wait_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="visitreminder",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["yellow", "red"])), name="card_known"
            ),
        ),
    ]
