"""The table of Django's database cache: sign-in limits are counted there, so they hold while Redis is away."""

import coordination.core.models
import datetime
import django.core.validators
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
            name='SourceDisagreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(choices=[('chair', 'chair'), ('membership', 'membership')], max_length=20, verbose_name='topic')),
                ('about', models.CharField(max_length=200, unique=True, verbose_name='about')),
                ('accounts', models.JSONField(help_text='What each source says: source to sentence.', validators=[coordination.core.models.validate_accounts], verbose_name='accounts')),
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
                ('at', models.DateTimeField(db_index=True, validators=[coordination.core.models.validate_moment])),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc))), name='core_formsubmission_days_in_bounds', violation_error_message='Give days from 1900 to 2200.'), models.UniqueConstraint(fields=('person_id', 'token'), name='core_formsubmission_person_token')],
            },
        ),
        migrations.CreateModel(
            name='Group',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('acronym', models.CharField(max_length=20, verbose_name='acronym')),
                ('time_zone', models.CharField(default='UTC', max_length=60, validators=[coordination.core.models.validate_time_zone], verbose_name='time zone')),
                ('city', models.CharField(default='UTC', max_length=80, verbose_name='city of the time zone')),
                ('established', models.CharField(blank=True, max_length=40, verbose_name='established')),
                ('predecessor', models.CharField(blank=True, max_length=200, verbose_name='predecessor')),
                ('successor', models.CharField(blank=True, max_length=200, verbose_name='successor')),
                ('about', models.TextField(blank=True, verbose_name='about the group')),
                ('term_months', models.PositiveSmallIntegerField(default=6, verbose_name='usual length of a term, in months')),
                ('selection_lead_months', models.PositiveSmallIntegerField(default=6, help_text='The system opens it then, unless the chair did before. 0 leaves it to people.', validators=[django.core.validators.MaxValueValidator(36)], verbose_name='months before a term at which its selection opens')),
                ('focal_points_min', models.PositiveSmallIntegerField(default=2, verbose_name='fewest focal points per agency')),
                ('focal_points_max', models.PositiveSmallIntegerField(default=4, verbose_name='most focal points per agency')),
                ('handover_grace_days', models.PositiveSmallIntegerField(default=30, verbose_name='days for which the outgoing chair keeps its handover items')),
                ('silence_hours_min', models.PositiveSmallIntegerField(default=72, help_text='For a shorter one the chair gives a reason, and all focal points get it.', verbose_name='shortest silence, in hours')),
                ('amendment_hours_min', models.PositiveSmallIntegerField(default=72, help_text='For a shorter one the chair gives a reason, and all focal points get it.', verbose_name='shortest time for amendments, in hours')),
                ('balance_shown', models.BooleanField(default=True, help_text='On each draft of a statement; it counts words and judges nobody.', verbose_name='show how often mandates are named')),
                ('chairs_max', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(20)], verbose_name='most agencies that chair together')),
                ('newcomer_months', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(120)], verbose_name='months of membership before an agency chairs')),
                ('newcomer_entry', models.CharField(choices=[('end', 'after all who were members before it'), ('alphabetical', 'by the alphabet, with the name of the day on which it joined'), ('balance', 'by its balance, as all others')], default='end', max_length=12, verbose_name='where a new member enters the order of the chair')),
                ('statement_languages', models.JSONField(default=coordination.core.models.english_alone, help_text='Codes such as ["en", "fr"]; a new statement has the first one.', validators=[coordination.core.models.validate_languages], verbose_name='languages of statements')),
                ('symbol_pattern', models.CharField(default='{acronym}/{year}/ST/', help_text='{year} is needed, {acronym} may stand there; a number follows.', max_length=25, validators=[coordination.core.models.validate_symbol_pattern], verbose_name='symbols of statements')),
                ('name_abbreviations', models.JSONField(blank=True, default=dict, help_text='Words of agencies’ names, and what stands for them where there is little room.', validators=[coordination.core.models.validate_abbreviations], verbose_name='abbreviations of names')),
                ('sources', models.JSONField(blank=True, default=list, validators=[coordination.core.models.validate_sources], verbose_name='sources')),
            ],
            options={
                'verbose_name': 'group',
                'verbose_name_plural': 'group',
                'constraints': [models.CheckConstraint(condition=models.Q(('handover_grace_days__lte', 366)), name='core_group_handover_grace_days_in_bounds', violation_error_message='The outgoing chair keeps its items for a year at most.'), models.CheckConstraint(condition=models.Q(('term_months__gte', 1), ('term_months__lte', 120)), name='core_group_term_months_in_bounds', violation_error_message='A term is usually 1 to 120 months long.'), models.CheckConstraint(condition=models.Q(('focal_points_min__lte', models.F('focal_points_max'))), name='core_group_focal_points_min_lte_max', violation_error_message='The fewest focal points cannot be more than the most.')],
            },
        ),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(validators=[coordination.core.models.validate_moment])),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc))), name='core_heartbeat_days_in_bounds', violation_error_message='Give days from 1900 to 2200.')],
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
                ('time_zone', models.CharField(default='UTC', max_length=60, validators=[coordination.core.models.validate_time_zone], verbose_name='time zone')),
                ('city', models.CharField(default='UTC', max_length=80, verbose_name='city of the time zone')),
                ('established', models.CharField(blank=True, max_length=40, verbose_name='established')),
                ('predecessor', models.CharField(blank=True, max_length=200, verbose_name='predecessor')),
                ('successor', models.CharField(blank=True, max_length=200, verbose_name='successor')),
                ('about', models.TextField(blank=True, verbose_name='about the group')),
                ('term_months', models.PositiveSmallIntegerField(default=6, verbose_name='usual length of a term, in months')),
                ('selection_lead_months', models.PositiveSmallIntegerField(default=6, help_text='The system opens it then, unless the chair did before. 0 leaves it to people.', validators=[django.core.validators.MaxValueValidator(36)], verbose_name='months before a term at which its selection opens')),
                ('focal_points_min', models.PositiveSmallIntegerField(default=2, verbose_name='fewest focal points per agency')),
                ('focal_points_max', models.PositiveSmallIntegerField(default=4, verbose_name='most focal points per agency')),
                ('handover_grace_days', models.PositiveSmallIntegerField(default=30, verbose_name='days for which the outgoing chair keeps its handover items')),
                ('silence_hours_min', models.PositiveSmallIntegerField(default=72, help_text='For a shorter one the chair gives a reason, and all focal points get it.', verbose_name='shortest silence, in hours')),
                ('amendment_hours_min', models.PositiveSmallIntegerField(default=72, help_text='For a shorter one the chair gives a reason, and all focal points get it.', verbose_name='shortest time for amendments, in hours')),
                ('balance_shown', models.BooleanField(default=True, help_text='On each draft of a statement; it counts words and judges nobody.', verbose_name='show how often mandates are named')),
                ('chairs_max', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(20)], verbose_name='most agencies that chair together')),
                ('newcomer_months', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(120)], verbose_name='months of membership before an agency chairs')),
                ('newcomer_entry', models.CharField(choices=[('end', 'after all who were members before it'), ('alphabetical', 'by the alphabet, with the name of the day on which it joined'), ('balance', 'by its balance, as all others')], default='end', max_length=12, verbose_name='where a new member enters the order of the chair')),
                ('statement_languages', models.JSONField(default=coordination.core.models.english_alone, help_text='Codes such as ["en", "fr"]; a new statement has the first one.', validators=[coordination.core.models.validate_languages], verbose_name='languages of statements')),
                ('symbol_pattern', models.CharField(default='{acronym}/{year}/ST/', help_text='{year} is needed, {acronym} may stand there; a number follows.', max_length=25, validators=[coordination.core.models.validate_symbol_pattern], verbose_name='symbols of statements')),
                ('name_abbreviations', models.JSONField(blank=True, default=dict, help_text='Words of agencies’ names, and what stands for them where there is little room.', validators=[coordination.core.models.validate_abbreviations], verbose_name='abbreviations of names')),
                ('sources', models.JSONField(blank=True, default=list, validators=[coordination.core.models.validate_sources], verbose_name='sources')),
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
                ('accounts', models.JSONField(help_text='What each source says: source to sentence.', validators=[coordination.core.models.validate_accounts], verbose_name='accounts')),
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
