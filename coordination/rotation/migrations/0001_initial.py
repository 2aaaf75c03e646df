"""PostgreSQL itself refuses two chair terms that share a day; on SQLite the action looks under the write lock."""

import datetime
import coordination.core.models
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


ADD = """
ALTER TABLE rotation_chairterm ADD CONSTRAINT rotation_chairterm_no_overlap
EXCLUDE USING gist (daterange(first_day, last_day, '[]') WITH &&) WHERE (state <> 'withdrawn')
"""
DROP = "ALTER TABLE rotation_chairterm DROP CONSTRAINT rotation_chairterm_no_overlap"


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ADD)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('members', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChairTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('first_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=5, verbose_name='first day known by')),
                ('last_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=5, verbose_name='last day known by')),
                ('sources', models.JSONField(blank=True, default=list, validators=[coordination.core.models.validate_sources], verbose_name='sources')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('slug', models.SlugField(max_length=20, unique=True, verbose_name='address')),
                ('first_day', models.DateField(validators=[coordination.core.models.validate_day], verbose_name='first day')),
                ('last_day', models.DateField(validators=[coordination.core.models.validate_day], verbose_name='last day')),
                ('kind', models.CharField(choices=[('term', 'term'), ('caretaker', 'caretaker')], default='term', max_length=10, verbose_name='kind')),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('confirmed', 'confirmed'), ('withdrawn', 'withdrawn')], default='proposed', max_length=10, verbose_name='state')),
                ('theme', models.CharField(blank=True, max_length=200, verbose_name='theme')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, validators=[coordination.core.models.validate_moment], verbose_name='confirmed at')),
            ],
            options={
                'verbose_name': 'chair term',
                'verbose_name_plural': 'chair terms',
                'ordering': ['-first_day'],
            },
        ),
        migrations.CreateModel(
            name='ChecklistTemplateItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=40, unique=True, verbose_name='key')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('detail', models.TextField(blank=True, verbose_name='detail')),
                ('side', models.CharField(choices=[('outgoing', 'outgoing chair'), ('incoming', 'incoming chair')], max_length=10, verbose_name='side')),
                ('due_offset_days', models.IntegerField(verbose_name='due, in days from the first day of the new term')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('active', models.BooleanField(default=True, verbose_name='used for new handovers')),
            ],
            options={
                'verbose_name': 'checklist template item',
                'verbose_name_plural': 'checklist template',
                'ordering': ['side', 'due_offset_days', 'position'],
                'constraints': [models.CheckConstraint(condition=models.Q(('due_offset_days__gte', -366), ('due_offset_days__lte', 366)), name='rotation_checklisttemplateitem_offset_in_bounds', violation_error_message='An item is due within a year of the first day.')],
            },
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(validators=[coordination.core.models.validate_moment], verbose_name='created at')),
                ('outgoing_signed_at', models.DateTimeField(blank=True, null=True, validators=[coordination.core.models.validate_moment], verbose_name='signed for the outgoing chair at')),
                ('incoming_signed_at', models.DateTimeField(blank=True, null=True, validators=[coordination.core.models.validate_moment], verbose_name='signed for the incoming chair at')),
                ('incoming_signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed for the incoming chair by')),
                ('incoming_term', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='handover', to='rotation.chairterm', verbose_name='incoming term')),
                ('outgoing_signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed for the outgoing chair by')),
            ],
            options={
                'verbose_name': 'handover',
                'verbose_name_plural': 'handovers',
                'ordering': ['-incoming_term__first_day'],
            },
        ),
        migrations.CreateModel(
            name='HandoverItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('key', models.SlugField(max_length=40, verbose_name='key')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('detail', models.TextField(blank=True, verbose_name='detail')),
                ('side', models.CharField(choices=[('outgoing', 'outgoing chair'), ('incoming', 'incoming chair')], max_length=10, verbose_name='side')),
                ('due_day', models.DateField(validators=[coordination.core.models.validate_day], verbose_name='due')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('state', models.CharField(choices=[('open', 'open'), ('done', 'done'), ('not_applicable', 'not applicable')], default='open', max_length=14, verbose_name='state')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('settled_at', models.DateTimeField(blank=True, null=True, validators=[coordination.core.models.validate_moment], verbose_name='settled at')),
                ('handover', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='rotation.handover', verbose_name='handover')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='settled by')),
            ],
            options={
                'verbose_name': 'handover item',
                'verbose_name_plural': 'handover items',
                'ordering': ['due_day', 'position'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalChairTerm',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_source', coordination.core.models.ChangeSourceField(editable=False, max_length=150, null=True, verbose_name='from')),
                ('history_reason_values', models.JSONField(default=dict, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('first_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=5, verbose_name='first day known by')),
                ('last_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=5, verbose_name='last day known by')),
                ('sources', models.JSONField(blank=True, default=list, validators=[coordination.core.models.validate_sources], verbose_name='sources')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('slug', models.SlugField(max_length=20, verbose_name='address')),
                ('first_day', models.DateField(validators=[coordination.core.models.validate_day], verbose_name='first day')),
                ('last_day', models.DateField(validators=[coordination.core.models.validate_day], verbose_name='last day')),
                ('kind', models.CharField(choices=[('term', 'term'), ('caretaker', 'caretaker')], default='term', max_length=10, verbose_name='kind')),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('confirmed', 'confirmed'), ('withdrawn', 'withdrawn')], default='proposed', max_length=10, verbose_name='state')),
                ('theme', models.CharField(blank=True, max_length=200, verbose_name='theme')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, validators=[coordination.core.models.validate_moment], verbose_name='confirmed at')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical chair term',
                'verbose_name_plural': 'historical chair terms',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalChecklistTemplateItem',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_source', coordination.core.models.ChangeSourceField(editable=False, max_length=150, null=True, verbose_name='from')),
                ('history_reason_values', models.JSONField(default=dict, editable=False)),
                ('key', models.SlugField(max_length=40, verbose_name='key')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('detail', models.TextField(blank=True, verbose_name='detail')),
                ('side', models.CharField(choices=[('outgoing', 'outgoing chair'), ('incoming', 'incoming chair')], max_length=10, verbose_name='side')),
                ('due_offset_days', models.IntegerField(verbose_name='due, in days from the first day of the new term')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('active', models.BooleanField(default=True, verbose_name='used for new handovers')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical checklist template item',
                'verbose_name_plural': 'historical checklist template',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalHandover',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_source', coordination.core.models.ChangeSourceField(editable=False, max_length=150, null=True, verbose_name='from')),
                ('history_reason_values', models.JSONField(default=dict, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(validators=[coordination.core.models.validate_moment], verbose_name='created at')),
                ('outgoing_signed_at', models.DateTimeField(blank=True, null=True, validators=[coordination.core.models.validate_moment], verbose_name='signed for the outgoing chair at')),
                ('incoming_signed_at', models.DateTimeField(blank=True, null=True, validators=[coordination.core.models.validate_moment], verbose_name='signed for the incoming chair at')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incoming_signed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed for the incoming chair by')),
                ('incoming_term', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='rotation.chairterm', verbose_name='incoming term')),
                ('outgoing_signed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed for the outgoing chair by')),
            ],
            options={
                'verbose_name': 'historical handover',
                'verbose_name_plural': 'historical handovers',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalHandoverItem',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_source', coordination.core.models.ChangeSourceField(editable=False, max_length=150, null=True, verbose_name='from')),
                ('history_reason_values', models.JSONField(default=dict, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('key', models.SlugField(max_length=40, verbose_name='key')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('detail', models.TextField(blank=True, verbose_name='detail')),
                ('side', models.CharField(choices=[('outgoing', 'outgoing chair'), ('incoming', 'incoming chair')], max_length=10, verbose_name='side')),
                ('due_day', models.DateField(validators=[coordination.core.models.validate_day], verbose_name='due')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('state', models.CharField(choices=[('open', 'open'), ('done', 'done'), ('not_applicable', 'not applicable')], default='open', max_length=14, verbose_name='state')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('settled_at', models.DateTimeField(blank=True, null=True, validators=[coordination.core.models.validate_moment], verbose_name='settled at')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('handover', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='rotation.handover', verbose_name='handover')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='settled by')),
            ],
            options={
                'verbose_name': 'historical handover item',
                'verbose_name_plural': 'historical handover items',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalTermAgency',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_source', coordination.core.models.ChangeSourceField(editable=False, max_length=150, null=True, verbose_name='from')),
                ('history_reason_values', models.JSONField(default=dict, editable=False)),
                ('position', models.PositiveSmallIntegerField(default=1, verbose_name='position')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.agency', verbose_name='agency')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('term', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='rotation.chairterm', verbose_name='term')),
            ],
            options={
                'verbose_name': 'historical chairing agency',
                'verbose_name_plural': 'historical chairing agencies',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalTermCorrection',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_source', coordination.core.models.ChangeSourceField(editable=False, max_length=150, null=True, verbose_name='from')),
                ('history_reason_values', models.JSONField(default=dict, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('term_version', models.PositiveIntegerField(default=0, editable=False, verbose_name='version of the term')),
                ('first_day', models.DateField(validators=[coordination.core.models.validate_day], verbose_name='first day')),
                ('last_day', models.DateField(validators=[coordination.core.models.validate_day], verbose_name='last day')),
                ('kind', models.CharField(choices=[('term', 'term'), ('caretaker', 'caretaker')], default='term', max_length=10, verbose_name='kind')),
                ('theme', models.CharField(blank=True, max_length=200, verbose_name='theme')),
                ('agencies', models.JSONField(default=list, editable=False, verbose_name='chair')),
                ('source', models.CharField(max_length=300, verbose_name='source')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('before', models.JSONField(default=dict, editable=False, verbose_name='the record before')),
                ('proposed_at', models.DateTimeField(validators=[coordination.core.models.validate_moment], verbose_name='proposed at')),
                ('applied_at', models.DateTimeField(blank=True, null=True, validators=[coordination.core.models.validate_moment], verbose_name='applied at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, validators=[coordination.core.models.validate_moment], verbose_name='withdrawn at')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('agreed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='agreed by')),
                ('agreed_for', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.agency', verbose_name='agreed for')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                ('proposed_for', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.agency', verbose_name='proposed for')),
                ('term', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='rotation.chairterm', verbose_name='term')),
            ],
            options={
                'verbose_name': 'historical correction of a term',
                'verbose_name_plural': 'historical corrections of terms',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='TermAgency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=1, verbose_name='position')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.agency', verbose_name='agency')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chairs', to='rotation.chairterm', verbose_name='term')),
            ],
            options={
                'verbose_name': 'chairing agency',
                'verbose_name_plural': 'chairing agencies',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='chairterm',
            name='agencies',
            field=models.ManyToManyField(related_name='+', through='rotation.TermAgency', to='members.agency', verbose_name='chair'),
        ),
        migrations.CreateModel(
            name='TermCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('term_version', models.PositiveIntegerField(default=0, editable=False, verbose_name='version of the term')),
                ('first_day', models.DateField(validators=[coordination.core.models.validate_day], verbose_name='first day')),
                ('last_day', models.DateField(validators=[coordination.core.models.validate_day], verbose_name='last day')),
                ('kind', models.CharField(choices=[('term', 'term'), ('caretaker', 'caretaker')], default='term', max_length=10, verbose_name='kind')),
                ('theme', models.CharField(blank=True, max_length=200, verbose_name='theme')),
                ('agencies', models.JSONField(default=list, editable=False, verbose_name='chair')),
                ('source', models.CharField(max_length=300, verbose_name='source')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('before', models.JSONField(default=dict, editable=False, verbose_name='the record before')),
                ('proposed_at', models.DateTimeField(validators=[coordination.core.models.validate_moment], verbose_name='proposed at')),
                ('applied_at', models.DateTimeField(blank=True, null=True, validators=[coordination.core.models.validate_moment], verbose_name='applied at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, validators=[coordination.core.models.validate_moment], verbose_name='withdrawn at')),
                ('agreed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='agreed by')),
                ('agreed_for', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.agency', verbose_name='agreed for')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                ('proposed_for', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.agency', verbose_name='proposed for')),
                ('term', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='rotation.chairterm', verbose_name='term')),
            ],
            options={
                'verbose_name': 'correction of a term',
                'verbose_name_plural': 'corrections of terms',
                'ordering': ['-proposed_at'],
            },
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('created_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)), ('outgoing_signed_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('outgoing_signed_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)), ('incoming_signed_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('incoming_signed_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc))), name='rotation_handover_days_in_bounds', violation_error_message='Give days from 1900 to 2200.'),
        ),
        migrations.AddConstraint(
            model_name='handoveritem',
            constraint=models.CheckConstraint(condition=models.Q(('due_day__gte', datetime.date(1900, 1, 1)), ('due_day__lte', datetime.date(2200, 12, 31)), ('settled_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('settled_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc))), name='rotation_handoveritem_days_in_bounds', violation_error_message='Give days from 1900 to 2200.'),
        ),
        migrations.AddConstraint(
            model_name='handoveritem',
            constraint=models.UniqueConstraint(fields=('handover', 'key'), name='rotation_handoveritem_once'),
        ),
        migrations.AddConstraint(
            model_name='termagency',
            constraint=models.UniqueConstraint(fields=('term', 'agency'), name='rotation_termagency_once'),
        ),
        migrations.AddIndex(
            model_name='chairterm',
            index=models.Index(fields=['first_day', 'last_day'], name='rotation_ch_first_d_3931cd_idx'),
        ),
        migrations.AddConstraint(
            model_name='chairterm',
            constraint=models.CheckConstraint(condition=models.Q(('first_day__gte', datetime.date(1900, 1, 1)), ('first_day__lte', datetime.date(2200, 12, 31)), ('last_day__gte', datetime.date(1900, 1, 1)), ('last_day__lte', datetime.date(2200, 12, 31)), ('confirmed_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('confirmed_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc))), name='rotation_chairterm_days_in_bounds', violation_error_message='Give days from 1900 to 2200.'),
        ),
        migrations.AddConstraint(
            model_name='chairterm',
            constraint=models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='rotation_chairterm_last_not_before_first', violation_error_message='The last day is before the first.'),
        ),
        migrations.AddConstraint(
            model_name='termcorrection',
            constraint=models.CheckConstraint(condition=models.Q(('first_day__gte', datetime.date(1900, 1, 1)), ('first_day__lte', datetime.date(2200, 12, 31)), ('last_day__gte', datetime.date(1900, 1, 1)), ('last_day__lte', datetime.date(2200, 12, 31)), ('proposed_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('proposed_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)), ('applied_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('applied_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)), ('withdrawn_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('withdrawn_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc))), name='rotation_termcorrection_days_in_bounds', violation_error_message='Give days from 1900 to 2200.'),
        ),
        migrations.AddConstraint(
            model_name='termcorrection',
            constraint=models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='rotation_termcorrection_last_not_before_first', violation_error_message='The last day is before the first.'),
        ),
        migrations.RunPython(add, drop),
    ]
