"""conformance/spec/folders.py"""

import pytest

from conformance.spec.folders import folder


@pytest.mark.parametrize("name", ["openapi", "schemas"])
def test_the_folders_of_the_contract_are_found(name: str) -> None:
    """Both folders are found, whether they lie beside the package or in it."""
    assert folder(name).name == name
    assert any(folder(name).iterdir())


def test_a_folder_that_is_missing_is_reported() -> None:
    """A missing folder is reported as an incomplete installation."""
    with pytest.raises(FileNotFoundError, match="not whole"):
        folder("no-such-folder")
