"""Start `bench.rotation.run` with Django and a database in memory."""

import os

import django


def main() -> None:
    """Set Django up, then measure: the models cannot be imported earlier."""
    os.environ.update(
        DATABASE_URL="sqlite:///:memory:",
        DEBUG="true",
        DJANGO_SETTINGS_MODULE="gmgapp.settings",
        ENV_FILE=os.devnull,
    )
    django.setup()
    from bench.rotation import run

    run.main()


if __name__ == "__main__":
    main()
