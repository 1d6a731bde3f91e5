"""What an e-mail address looks like. Pure; no mail is sent to find out more."""

import re

ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}\Z")


def is_address(text: str) -> bool:
    """Return whether ``text`` can be an e-mail address: 254 characters at most."""
    return ADDRESS.match(text) is not None
