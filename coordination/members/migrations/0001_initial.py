"""PostgreSQL itself refuses two periods that the actions refuse; on SQLite the actions look under the write lock.

An agency belongs once on a day, one commission speaks for an agency, and a person has a role for an agency once. The extension btree_gist
(among PostgreSQL's own, and trusted: the owner of the database may add it) lets `=` stand beside `&&`; the way back leaves it, for it may have
been there before. Which agency a representation is for stands in another table, where a constraint cannot look: triggers write it beside
the commission, in `spoken_for`, which nobody else reads.
"""

import django.db.models.functions.text
import datetime
import coordination.core.models
import coordination.members.models
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


ADD = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    """
    ALTER TABLE members_membership ADD CONSTRAINT members_membership_no_overlap
    EXCLUDE USING gist (agency_id WITH =, daterange(first_day, last_day, '[]') WITH &&)
    """,
    """
    ALTER TABLE members_appointment ADD CONSTRAINT members_appointment_no_overlap
    EXCLUDE USING gist (person_id WITH =, agency_id WITH =, role WITH =, daterange(first_day, last_day, '[]') WITH &&)
    """,
    """
    ALTER TABLE members_appointment ADD CONSTRAINT members_appointment_one_principal
    EXCLUDE USING gist (agency_id WITH =, daterange(first_day, last_day, '[]') WITH &&) WHERE (role = 'principal')
    """,
    "ALTER TABLE members_representation ADD COLUMN spoken_for bigint",
    """
    UPDATE members_representation SET spoken_for = members_commission.agency_id
    FROM members_commission WHERE members_commission.id = commission_id
    """,
    """
    ALTER TABLE members_representation ADD CONSTRAINT members_representation_no_overlap
    EXCLUDE USING gist (spoken_for WITH =, daterange(first_day, last_day, '[]') WITH &&)
    """,
    """
    CREATE FUNCTION members_representation_spoken_for() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    SELECT agency_id INTO NEW.spoken_for FROM members_commission WHERE id = NEW.commission_id FOR SHARE;
    RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER members_representation_spoken_for BEFORE INSERT OR UPDATE ON members_representation
    FOR EACH ROW EXECUTE FUNCTION members_representation_spoken_for()
    """,
    """
    CREATE FUNCTION members_commission_moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE members_representation SET spoken_for = NEW.agency_id WHERE commission_id = NEW.id;
    RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER members_commission_moved AFTER UPDATE OF agency_id ON members_commission
    FOR EACH ROW EXECUTE FUNCTION members_commission_moved()
    """,
)
DROP = (
    "DROP TRIGGER members_commission_moved ON members_commission",
    "DROP FUNCTION members_commission_moved()",
    "DROP TRIGGER members_representation_spoken_for ON members_representation",
    "DROP FUNCTION members_representation_spoken_for()",
    "ALTER TABLE members_representation DROP COLUMN spoken_for",  # its constraint goes with it
    "ALTER TABLE members_appointment DROP CONSTRAINT members_appointment_one_principal",
    "ALTER TABLE members_appointment DROP CONSTRAINT members_appointment_no_overlap",
    "ALTER TABLE members_membership DROP CONSTRAINT members_membership_no_overlap",
)


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in ADD:
            schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in DROP:
            schema_editor.execute(statement)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('acronym', models.CharField(max_length=20, unique=True, validators=[coordination.core.models.validate_plain_name], verbose_name='acronym')),
                ('slug', models.SlugField(max_length=30, unique=True, verbose_name='address')),
                ('name', models.CharField(max_length=200, validators=[coordination.core.models.validate_plain_name], verbose_name='name')),
                ('city', models.CharField(blank=True, max_length=80, validators=[coordination.core.models.validate_plain_name], verbose_name='headquarters')),
                ('time_zone', models.CharField(blank=True, max_length=60, validators=[coordination.core.models.validate_time_zone], verbose_name='time zone')),
                ('mandate_terms', models.JSONField(blank=True, default=list, verbose_name='mandate terms')),
                ('note', models.TextField(blank=True, verbose_name='note')),
            ],
            options={
                'verbose_name': 'agency',
                'verbose_name_plural': 'agencies',
                'ordering': ['acronym'],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('name', models.CharField(max_length=150, validators=[coordination.core.models.validate_plain_name], verbose_name='name')),
                ('email', models.EmailField(blank=True, max_length=254, null=True, unique=True, verbose_name='e-mail')),
                ('time_zone', models.CharField(blank=True, help_text='Empty: the zone of the group.', max_length=60, validators=[coordination.core.models.validate_time_zone], verbose_name='time zone')),
                ('language', models.CharField(blank=True, max_length=12, verbose_name='language')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('is_staff', models.BooleanField(default=False, verbose_name='administrator')),
                ('joined_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='joined at')),
                ('demo_role', models.CharField(blank=True, choices=[('focal_point', 'focal point'), ('colleague', 'focal point, her colleague'), ('other_agency', 'focal point of another agency'), ('chair', 'chair’s team'), ('incoming_chair', 'incoming chair'), ('office', 'principal’s office'), ('administrator', 'administrator')], editable=False, max_length=20, verbose_name='part in the demonstration')),
                ('sessions_ended', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('second_factor_since', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='needs a second factor since')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='AddressChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old', models.EmailField(blank=True, max_length=254, verbose_name='old address')),
                ('new', models.EmailField(max_length=254, verbose_name='new address')),
                ('changed_at', models.DateTimeField(db_index=True, verbose_name='changed at')),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='address_changes', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'change of an address',
                'verbose_name_plural': 'changes of addresses',
                'ordering': ['-changed_at'],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('first_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=5, verbose_name='first day known by')),
                ('last_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=5, verbose_name='last day known by')),
                ('sources', models.JSONField(blank=True, default=list, validators=[coordination.core.models.validate_sources], verbose_name='sources')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('first_day', models.DateField(validators=[coordination.core.models.validate_day], verbose_name='first day')),
                ('last_day', models.DateField(blank=True, null=True, validators=[coordination.core.models.validate_day], verbose_name='last day')),
                ('role', models.CharField(choices=[('focal_point', 'focal point'), ('principal', 'principal'), ('office', 'principal’s office')], default='focal_point', max_length=12, verbose_name='role')),
                ('title', models.CharField(blank=True, max_length=120, validators=[coordination.core.models.validate_plain_name], verbose_name='title')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='members.agency', verbose_name='agency')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'appointment',
                'verbose_name_plural': 'appointments',
                'ordering': ['agency__acronym', 'role', 'first_day'],
            },
        ),
        migrations.CreateModel(
            name='Commission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('acronym', models.CharField(max_length=20, unique=True, validators=[coordination.core.models.validate_plain_name], verbose_name='acronym')),
                ('name', models.CharField(blank=True, max_length=200, validators=[coordination.core.models.validate_plain_name], verbose_name='name')),
                ('city', models.CharField(max_length=80, validators=[coordination.core.models.validate_plain_name], verbose_name='city')),
                ('time_zone', models.CharField(max_length=60, validators=[coordination.core.models.validate_time_zone], verbose_name='time zone')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commissions', to='members.agency', verbose_name='agency')),
            ],
            options={
                'verbose_name': 'commission',
                'verbose_name_plural': 'commissions',
                'ordering': ['acronym'],
            },
        ),
        migrations.CreateModel(
            name='FactorReset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='factor_resets', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'reset of a second factor',
                'verbose_name_plural': 'resets of second factors',
                'ordering': ['-asked_at'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalAgency',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_source', coordination.core.models.ChangeSourceField(editable=False, max_length=150, null=True, verbose_name='from')),
                ('history_reason_values', models.JSONField(default=dict, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('acronym', models.CharField(db_index=True, max_length=20, validators=[coordination.core.models.validate_plain_name], verbose_name='acronym')),
                ('slug', models.SlugField(max_length=30, verbose_name='address')),
                ('name', models.CharField(max_length=200, validators=[coordination.core.models.validate_plain_name], verbose_name='name')),
                ('city', models.CharField(blank=True, max_length=80, validators=[coordination.core.models.validate_plain_name], verbose_name='headquarters')),
                ('time_zone', models.CharField(blank=True, max_length=60, validators=[coordination.core.models.validate_time_zone], verbose_name='time zone')),
                ('mandate_terms', models.JSONField(blank=True, default=list, verbose_name='mandate terms')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical agency',
                'verbose_name_plural': 'historical agencies',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalAppointment',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_source', coordination.core.models.ChangeSourceField(editable=False, max_length=150, null=True, verbose_name='from')),
                ('history_reason_values', models.JSONField(default=dict, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('first_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=5, verbose_name='first day known by')),
                ('last_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=5, verbose_name='last day known by')),
                ('sources', models.JSONField(blank=True, default=list, validators=[coordination.core.models.validate_sources], verbose_name='sources')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('first_day', models.DateField(validators=[coordination.core.models.validate_day], verbose_name='first day')),
                ('last_day', models.DateField(blank=True, null=True, validators=[coordination.core.models.validate_day], verbose_name='last day')),
                ('role', models.CharField(choices=[('focal_point', 'focal point'), ('principal', 'principal'), ('office', 'principal’s office')], default='focal_point', max_length=12, verbose_name='role')),
                ('title', models.CharField(blank=True, max_length=120, validators=[coordination.core.models.validate_plain_name], verbose_name='title')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.agency', verbose_name='agency')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'historical appointment',
                'verbose_name_plural': 'historical appointments',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalCommission',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_source', coordination.core.models.ChangeSourceField(editable=False, max_length=150, null=True, verbose_name='from')),
                ('history_reason_values', models.JSONField(default=dict, editable=False)),
                ('acronym', models.CharField(db_index=True, max_length=20, validators=[coordination.core.models.validate_plain_name], verbose_name='acronym')),
                ('name', models.CharField(blank=True, max_length=200, validators=[coordination.core.models.validate_plain_name], verbose_name='name')),
                ('city', models.CharField(max_length=80, validators=[coordination.core.models.validate_plain_name], verbose_name='city')),
                ('time_zone', models.CharField(max_length=60, validators=[coordination.core.models.validate_time_zone], verbose_name='time zone')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.agency', verbose_name='agency')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical commission',
                'verbose_name_plural': 'historical commissions',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalFactorReset',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_source', coordination.core.models.ChangeSourceField(editable=False, max_length=150, null=True, verbose_name='from')),
                ('history_reason_values', models.JSONField(default=dict, editable=False)),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('asked_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('confirmed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'historical reset of a second factor',
                'verbose_name_plural': 'historical resets of second factors',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalInvitation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_source', coordination.core.models.ChangeSourceField(editable=False, max_length=150, null=True, verbose_name='from')),
                ('history_reason_values', models.JSONField(default=dict, editable=False)),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('name', models.CharField(max_length=150, validators=[coordination.core.models.validate_plain_name], verbose_name='name')),
                ('role', models.CharField(choices=[('focal_point', 'focal point'), ('principal', 'principal'), ('office', 'principal’s office')], default='focal_point', max_length=12, verbose_name='role')),
                ('invited_at', models.DateTimeField(verbose_name='invited at')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.agency', verbose_name='agency')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invited_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='invited by')),
                ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'historical invitation',
                'verbose_name_plural': 'historical invitations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalMembership',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_source', coordination.core.models.ChangeSourceField(editable=False, max_length=150, null=True, verbose_name='from')),
                ('history_reason_values', models.JSONField(default=dict, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('first_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=5, verbose_name='first day known by')),
                ('last_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=5, verbose_name='last day known by')),
                ('sources', models.JSONField(blank=True, default=list, validators=[coordination.core.models.validate_sources], verbose_name='sources')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('first_day', models.DateField(validators=[coordination.core.models.validate_day], verbose_name='first day')),
                ('last_day', models.DateField(blank=True, null=True, validators=[coordination.core.models.validate_day], verbose_name='last day')),
                ('standing', models.CharField(choices=[('member', 'member'), ('observer', 'observer')], default='member', max_length=10, verbose_name='standing')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.agency', verbose_name='agency')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical membership',
                'verbose_name_plural': 'historical memberships',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalPerson',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('history_source', coordination.core.models.ChangeSourceField(editable=False, max_length=150, null=True, verbose_name='from')),
                ('history_reason_values', models.JSONField(default=dict, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('name', models.CharField(max_length=150, validators=[coordination.core.models.validate_plain_name], verbose_name='name')),
                ('email', models.EmailField(blank=True, db_index=True, max_length=254, null=True, verbose_name='e-mail')),
                ('time_zone', models.CharField(blank=True, help_text='Empty: the zone of the group.', max_length=60, validators=[coordination.core.models.validate_time_zone], verbose_name='time zone')),
                ('language', models.CharField(blank=True, max_length=12, verbose_name='language')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('is_staff', models.BooleanField(default=False, verbose_name='administrator')),
                ('joined_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='joined at')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical person',
                'verbose_name_plural': 'historical people',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalRepresentation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_source', coordination.core.models.ChangeSourceField(editable=False, max_length=150, null=True, verbose_name='from')),
                ('history_reason_values', models.JSONField(default=dict, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('first_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=5, verbose_name='first day known by')),
                ('last_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=5, verbose_name='last day known by')),
                ('sources', models.JSONField(blank=True, default=list, validators=[coordination.core.models.validate_sources], verbose_name='sources')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('first_day', models.DateField(validators=[coordination.core.models.validate_day], verbose_name='first day')),
                ('last_day', models.DateField(blank=True, null=True, validators=[coordination.core.models.validate_day], verbose_name='last day')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('commission', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.commission', verbose_name='commission')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical representation',
                'verbose_name_plural': 'historical representations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('name', models.CharField(max_length=150, validators=[coordination.core.models.validate_plain_name], verbose_name='name')),
                ('role', models.CharField(choices=[('focal_point', 'focal point'), ('principal', 'principal'), ('office', 'principal’s office')], default='focal_point', max_length=12, verbose_name='role')),
                ('nonce', models.CharField(default=coordination.members.models.new_nonce, editable=False, max_length=32)),
                ('token_sha256', models.CharField(editable=False, max_length=64, unique=True)),
                ('invited_at', models.DateTimeField(verbose_name='invited at')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='members.agency', verbose_name='agency')),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='invited by')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations',
                'ordering': ['-invited_at'],
            },
        ),
        migrations.CreateModel(
            name='LimitHit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('invitations', 'invitations'), ('comments', 'comments'), ('mentions', 'mentions of agencies')], max_length=20, verbose_name='limit')),
                ('hour', models.DateTimeField(verbose_name='hour')),
                ('times', models.PositiveIntegerField(default=1, verbose_name='times')),
                ('last_at', models.DateTimeField(verbose_name='last at')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'limit that was reached',
                'verbose_name_plural': 'limits that were reached',
                'ordering': ['-last_at'],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('first_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=5, verbose_name='first day known by')),
                ('last_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=5, verbose_name='last day known by')),
                ('sources', models.JSONField(blank=True, default=list, validators=[coordination.core.models.validate_sources], verbose_name='sources')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('first_day', models.DateField(validators=[coordination.core.models.validate_day], verbose_name='first day')),
                ('last_day', models.DateField(blank=True, null=True, validators=[coordination.core.models.validate_day], verbose_name='last day')),
                ('standing', models.CharField(choices=[('member', 'member'), ('observer', 'observer')], default='member', max_length=10, verbose_name='standing')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='members.agency', verbose_name='agency')),
            ],
            options={
                'verbose_name': 'membership',
                'verbose_name_plural': 'memberships',
                'ordering': ['first_day', 'agency__acronym'],
            },
        ),
        migrations.CreateModel(
            name='Representation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('first_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=5, verbose_name='first day known by')),
                ('last_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=5, verbose_name='last day known by')),
                ('sources', models.JSONField(blank=True, default=list, validators=[coordination.core.models.validate_sources], verbose_name='sources')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('first_day', models.DateField(validators=[coordination.core.models.validate_day], verbose_name='first day')),
                ('last_day', models.DateField(blank=True, null=True, validators=[coordination.core.models.validate_day], verbose_name='last day')),
                ('commission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='representations', to='members.commission', verbose_name='commission')),
            ],
            options={
                'verbose_name': 'representation',
                'verbose_name_plural': 'representations',
                'ordering': ['first_day'],
            },
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='members_person_email_any_case', violation_error_message='This address cannot be used here. Choose another.'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('last_login__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('last_login__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)), ('joined_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('joined_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)), ('second_factor_since__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('second_factor_since__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc))), name='members_person_days_in_bounds', violation_error_message='Give days from 1900 to 2200.'),
        ),
        migrations.AddConstraint(
            model_name='addresschange',
            constraint=models.CheckConstraint(condition=models.Q(('changed_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('changed_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc))), name='members_addresschange_days_in_bounds', violation_error_message='Give days from 1900 to 2200.'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['person', 'first_day'], name='members_app_person__55f41d_idx'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['agency', 'role', 'first_day'], name='members_app_agency__430304_idx'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('first_day__gte', datetime.date(1900, 1, 1)), ('first_day__lte', datetime.date(2200, 12, 31)), ('last_day__gte', datetime.date(1900, 1, 1)), ('last_day__lte', datetime.date(2200, 12, 31))), name='members_appointment_days_in_bounds', violation_error_message='Give days from 1900 to 2200.'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('last_day__isnull', True), ('last_day__gte', models.F('first_day')), _connector='OR'), name='members_appointment_last_not_before_first', violation_error_message='The last day is before the first.'),
        ),
        migrations.AddConstraint(
            model_name='factorreset',
            constraint=models.CheckConstraint(condition=models.Q(('asked_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('asked_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)), ('confirmed_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('confirmed_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)), ('withdrawn_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('withdrawn_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc))), name='members_factorreset_days_in_bounds', violation_error_message='Give days from 1900 to 2200.'),
        ),
        migrations.AddConstraint(
            model_name='factorreset',
            constraint=models.CheckConstraint(condition=models.Q(('asked_by', models.F('person')), _negated=True), name='members_factorreset_asked_by_another'),
        ),
        migrations.AddConstraint(
            model_name='factorreset',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(models.Q(('confirmed_by', models.F('person')), _negated=True), models.Q(('confirmed_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='members_factorreset_confirmed_by_a_third'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('invited_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('invited_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)), ('expires_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('expires_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)), ('accepted_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('accepted_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)), ('withdrawn_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('withdrawn_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc))), name='members_invitation_days_in_bounds', violation_error_message='Give days from 1900 to 2200.'),
        ),
        migrations.AddConstraint(
            model_name='limithit',
            constraint=models.CheckConstraint(condition=models.Q(('hour__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('hour__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)), ('last_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('last_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc))), name='members_limithit_days_in_bounds', violation_error_message='Give days from 1900 to 2200.'),
        ),
        migrations.AddConstraint(
            model_name='limithit',
            constraint=models.UniqueConstraint(fields=('person', 'kind', 'hour'), name='members_limithit_once'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('first_day__gte', datetime.date(1900, 1, 1)), ('first_day__lte', datetime.date(2200, 12, 31)), ('last_day__gte', datetime.date(1900, 1, 1)), ('last_day__lte', datetime.date(2200, 12, 31))), name='members_membership_days_in_bounds', violation_error_message='Give days from 1900 to 2200.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('last_day__isnull', True), ('last_day__gte', models.F('first_day')), _connector='OR'), name='members_membership_last_not_before_first', violation_error_message='The last day is before the first.'),
        ),
        migrations.AddConstraint(
            model_name='representation',
            constraint=models.CheckConstraint(condition=models.Q(('first_day__gte', datetime.date(1900, 1, 1)), ('first_day__lte', datetime.date(2200, 12, 31)), ('last_day__gte', datetime.date(1900, 1, 1)), ('last_day__lte', datetime.date(2200, 12, 31))), name='members_representation_days_in_bounds', violation_error_message='Give days from 1900 to 2200.'),
        ),
        migrations.AddConstraint(
            model_name='representation',
            constraint=models.CheckConstraint(condition=models.Q(('last_day__isnull', True), ('last_day__gte', models.F('first_day')), _connector='OR'), name='members_representation_last_not_before_first', violation_error_message='The last day is before the first.'),
        ),
        migrations.RunPython(add, drop),
    ]
