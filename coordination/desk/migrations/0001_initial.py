"""The search index, with what each database needs to look its terms up.

PostgreSQL has a column beside each column of terms, which it fills itself and indexes by GIN; Django does not know of it. Without `fastupdate`
a search never reads through entries that wait for the index. SQLite has an FTS5 table, whose tokenizer splits at spaces and at
nothing else that occurs in a term. coordination/desk/models.py asks both.
"""

import datetime

import coordination.core.models
import django.db.models.deletion
from django.db import migrations, models


ADD = {
    "postgresql": [
        sql
        for column in ("terms", "title_terms")
        for sql in (
            f"ALTER TABLE desk_searchentry ADD COLUMN {column}_vector tsvector "
            f"GENERATED ALWAYS AS (array_to_tsvector(string_to_array({column}, ' '))) STORED",
            f"CREATE INDEX desk_searchentry_{column} ON desk_searchentry USING gin ({column}_vector) "
            "WITH (fastupdate = off)",
        )
    ],
    "sqlite": [
        "CREATE VIRTUAL TABLE desk_searchterms USING fts5(title_terms, terms, detail = column, tokenize = \"ascii tokenchars ':'\")"
    ],
}
DROP = {
    # their indexes go with them
    "postgresql": ["ALTER TABLE desk_searchentry DROP COLUMN terms_vector, DROP COLUMN title_terms_vector"],
    "sqlite": ["DROP TABLE desk_searchterms"],
}


def add(apps, schema_editor):
    for sql in ADD[schema_editor.connection.vendor]:
        schema_editor.execute(sql)


def drop(apps, schema_editor):
    for sql in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(sql)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('meetings', '0001_initial'),
        ('statements', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=40, unique=True, verbose_name='word')),
                ('length', models.PositiveSmallIntegerField(db_index=True, verbose_name='length')),
            ],
            options={
                'verbose_name': 'word of the search index',
                'verbose_name_plural': 'words of the search index',
                'ordering': ['word'],
            },
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('agency', 'agency'), ('commission', 'commission'), ('person', 'person'), ('term', 'chair term'), ('statement', 'statement'), ('draft', 'draft'), ('meeting', 'meeting'), ('decision', 'decision'), ('action', 'action item'), ('amendment', 'amendment')], max_length=10, verbose_name='kind')),
                ('object_id', models.BigIntegerField(verbose_name='key of the record')),
                ('language', models.CharField(blank=True, max_length=10, verbose_name='language')),
                ('number', models.PositiveIntegerField(null=True, verbose_name='number')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('about', models.CharField(blank=True, max_length=300, verbose_name='what stands beside the title')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('url', models.CharField(max_length=300, verbose_name='path of its page')),
                ('day', models.DateField(null=True, validators=[coordination.core.models.validate_day], verbose_name='day')),
                ('title_terms', models.TextField(blank=True, verbose_name='terms of the title')),
                ('terms', models.TextField(blank=True, verbose_name='terms')),
                ('amendment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='statements.amendment', verbose_name='amendment')),
                ('draft', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='statements.draft', verbose_name='draft')),
                ('meeting', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='meetings.meeting', verbose_name='meeting')),
                ('statement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='statements.statement', verbose_name='statement')),
            ],
            options={
                'verbose_name': 'entry of the search index',
                'verbose_name_plural': 'entries of the search index',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('day__gte', datetime.date(1900, 1, 1)), ('day__lte', datetime.date(2200, 12, 31))), name='desk_searchentry_days_in_bounds', violation_error_message='Give days from 1900 to 2200.'), models.UniqueConstraint(fields=('kind', 'object_id'), name='desk_searchentry_once')],
            },
        ),
        migrations.RunPython(add, drop),
    ]
