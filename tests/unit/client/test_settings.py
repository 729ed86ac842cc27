"""Wrong settings are refused in one line."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.client.settings import Settings


@pytest.mark.parametrize(
    "wrong",
    [
        {"headers": (("X-Key", "p4ssw0rd\r\nX: y"),)},
        {"headers": (("X-Key", " p4ssw0rd"),)},
        {"headers": (("X Key", "p4ssw0rd"),)},
        {"headers": (("X-Key", "p4ssw0rd"), ("x-key", "p4ssw0rd"))},
        {"headers": (("Authorization", "Bearer p4ssw0rd"),)},
        {"base_url": "https://graph.example", "ca_bundle": "/nowhere.pem"},
        {"base_url": "https://graph.example", "client_cert": "/nowhere.pem"},
    ],
)
def test_a_wrong_setting_is_a_value_error(wrong: dict[str, Any]) -> None:
    """It is refused before anything is sent, without repeating what may be secret."""
    with pytest.raises(ValueError, match=r"\w") as caught:
        Settings(**{"base_url": "http://graph.example"} | wrong)
    assert "p4ssw0rd" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_settings_do_not_show_their_secrets() -> None:
    """Header values and the proxy's password are not in the repr."""
    shown = repr(Settings("http://a", headers=(("X", "p4ssw0rd"),), proxy="http://u:p4ssw0rd@proxy"))
    assert "p4ssw0rd" not in shown
