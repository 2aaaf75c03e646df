"""What the places and keys refuse as a secret, and what they take."""

import pytest

from coordination.rotation.queries.secrets import looks_like_secret


@pytest.mark.parametrize(
    "text",
    [
        "Password: sesame",
        "password=hunter2",
        "PIN : 4711",
        "the password is Sommer2026",
        "Mot de passe: printemps",
        "пароль: весна",
        "密码：chuntian",
        "Web site, login admin, Gr0up!2026x",
        "https://editor:sesame@lists.example.org/admin",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "ghp_abcdefghijklmnop1234",
        "AKIAIOSFODNN7EXAMPLE",
    ],
)
def test_a_secret_is_recognised(text):
    assert looks_like_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mailing list of the focal points",
        "Password: with the IT desk of UNESCO",
        "The password is with the IT desk",
        "https://lists.example.org/admin?list=Focal+2026#Editors1",
        "Elodie.Marchand2@unesco.example.org",
        "GMG_Report-2026-Final.docx in the shared folder",
        "Room B.4-117, Avenue de Suffren",
        "Held by Dr O’Brien & Ms Ñuñez (UN-Women), since 2024!",
        "WHO/GMG/2026/ST/12",
    ],
)
def test_what_names_a_place_or_a_holder_is_no_secret(text):
    assert not looks_like_secret(text)
