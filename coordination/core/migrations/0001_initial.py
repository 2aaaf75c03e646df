"""The table of Django's database cache: sign-in limits are counted there, so they hold while Redis is away."""

import coordination.core.models
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.core.management import call_command
from django.db import migrations, models


TABLE = "core_cache"


def create(apps, schema_editor):
    # With a table name the command does not ask the settings which caches there are
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE IF EXISTS {TABLE}")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('members', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SourceDisagreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(choices=[('chair', 'chair'), ('membership', 'membership')], max_length=20, verbose_name='topic')),
                ('about', models.CharField(max_length=200, unique=True, verbose_name='about')),
                ('accounts', models.JSONField(help_text='What each source says: source to sentence.', verbose_name='accounts')),
            ],
            options={
                'verbose_name': 'disagreement of sources',
                'verbose_name_plural': 'disagreements of sources',
                'ordering': ['topic', 'about'],
            },
        ),
        migrations.CreateModel(
            name='FormSubmission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.UUIDField()),
                ('person_id', models.BigIntegerField()),
                ('content_sha256', models.CharField(max_length=64)),
                ('leads_to', models.TextField(blank=True)),
                ('at', models.DateTimeField(db_index=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person_id', 'token'), name='core_formsubmission_person_token')],
            },
        ),
        migrations.CreateModel(
            name='Group',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('acronym', models.CharField(max_length=20, verbose_name='acronym')),
                ('time_zone', models.CharField(default='Europe/Zurich', max_length=60, validators=[coordination.core.models.validate_time_zone], verbose_name='time zone')),
                ('city', models.CharField(default='Geneva', max_length=80, verbose_name='city of the time zone')),
                ('established', models.CharField(blank=True, max_length=40, verbose_name='established')),
                ('predecessor', models.CharField(blank=True, max_length=200, verbose_name='predecessor')),
                ('successor', models.CharField(blank=True, max_length=200, verbose_name='successor')),
                ('about', models.TextField(blank=True, verbose_name='about the group')),
                ('term_months', models.PositiveSmallIntegerField(default=6, verbose_name='usual length of a term, in months')),
                ('focal_points_min', models.PositiveSmallIntegerField(default=2, verbose_name='fewest focal points per agency')),
                ('focal_points_max', models.PositiveSmallIntegerField(default=4, verbose_name='most focal points per agency')),
                ('handover_grace_days', models.PositiveSmallIntegerField(default=30, verbose_name='days for which the outgoing chair keeps its handover items')),
                ('silence_hours_min', models.PositiveSmallIntegerField(default=72, help_text='For a shorter one the chair gives a reason, and all focal points get it.', verbose_name='shortest silence, in hours')),
                ('amendment_hours_min', models.PositiveSmallIntegerField(default=72, help_text='For a shorter one the chair gives a reason, and all focal points get it.', verbose_name='shortest time for amendments, in hours')),
                ('balance_shown', models.BooleanField(default=True, help_text='On each draft of a statement; it counts words and judges nobody.', verbose_name='show how often mandates are named')),
                ('sources', models.JSONField(blank=True, default=list, verbose_name='sources')),
            ],
            options={
                'verbose_name': 'group',
                'verbose_name_plural': 'group',
                'constraints': [models.CheckConstraint(condition=models.Q(('focal_points_min__lte', models.F('focal_points_max'))), name='core_group_focal_points_min_lte_max', violation_error_message='The fewest focal points cannot be more than the most.')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalGroup',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_source', coordination.core.models.ChangeSourceField(editable=False, max_length=150, null=True, verbose_name='from')),
                ('history_reason_values', models.JSONField(default=dict, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('acronym', models.CharField(max_length=20, verbose_name='acronym')),
                ('time_zone', models.CharField(default='Europe/Zurich', max_length=60, validators=[coordination.core.models.validate_time_zone], verbose_name='time zone')),
                ('city', models.CharField(default='Geneva', max_length=80, verbose_name='city of the time zone')),
                ('established', models.CharField(blank=True, max_length=40, verbose_name='established')),
                ('predecessor', models.CharField(blank=True, max_length=200, verbose_name='predecessor')),
                ('successor', models.CharField(blank=True, max_length=200, verbose_name='successor')),
                ('about', models.TextField(blank=True, verbose_name='about the group')),
                ('term_months', models.PositiveSmallIntegerField(default=6, verbose_name='usual length of a term, in months')),
                ('focal_points_min', models.PositiveSmallIntegerField(default=2, verbose_name='fewest focal points per agency')),
                ('focal_points_max', models.PositiveSmallIntegerField(default=4, verbose_name='most focal points per agency')),
                ('handover_grace_days', models.PositiveSmallIntegerField(default=30, verbose_name='days for which the outgoing chair keeps its handover items')),
                ('silence_hours_min', models.PositiveSmallIntegerField(default=72, help_text='For a shorter one the chair gives a reason, and all focal points get it.', verbose_name='shortest silence, in hours')),
                ('amendment_hours_min', models.PositiveSmallIntegerField(default=72, help_text='For a shorter one the chair gives a reason, and all focal points get it.', verbose_name='shortest time for amendments, in hours')),
                ('balance_shown', models.BooleanField(default=True, help_text='On each draft of a statement; it counts words and judges nobody.', verbose_name='show how often mandates are named')),
                ('sources', models.JSONField(blank=True, default=list, verbose_name='sources')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical group',
                'verbose_name_plural': 'historical group',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalSourceDisagreement',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_source', coordination.core.models.ChangeSourceField(editable=False, max_length=150, null=True, verbose_name='from')),
                ('history_reason_values', models.JSONField(default=dict, editable=False)),
                ('topic', models.CharField(choices=[('chair', 'chair'), ('membership', 'membership')], max_length=20, verbose_name='topic')),
                ('about', models.CharField(db_index=True, max_length=200, verbose_name='about')),
                ('accounts', models.JSONField(help_text='What each source says: source to sentence.', verbose_name='accounts')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical disagreement of sources',
                'verbose_name_plural': 'historical disagreements of sources',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.RunPython(create, drop),
    ]
