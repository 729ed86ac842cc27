"""Tokens from where the target file says they are found; fetched when they are needed, and never written anywhere."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping

from ..model import Caller
from . import claims, token_command
from .authorization import GRAPH_TOKEN, CredentialError, TokenSource, UnusableToken, missing_variable, shown_variable
from .azure import AzureSource, Say
from .redaction import Secret
from .token_command import Fetched

EARLY = 60.0
"""Seconds before its expiry from which on a token is fetched again; half of its life where that is shorter."""
AT_MOST_EVERY = 10.0
"""Seconds between two tries where a source has no good token to give, or the target refuses every one."""


class SourcedTokens:
    """Tokens by caller, from their sources. `environ`: where variables are looked up; `say`: what people must read.

    A command gets the environment without the variables that hold tokens, nor those whose value is `hidden`. After
    `max_time` seconds nothing is fetched.
    """

    def __init__(
        self,
        sources: Mapping[str, TokenSource],
        environ: Mapping[str, str],
        say: Say = lambda _: None,
        hidden: Collection[str] = (),
        clock: Callable[[], float] = time.time,
        max_time: float = float("inf"),
    ) -> None:
        self._sources = sources
        self._environ = environ
        secret = {GRAPH_TOKEN, *(source.value for source in sources.values() if source.kind == "env")}
        secret |= {source.value.get("client_secret_env") for source in sources.values() if source.kind == "azure"}
        self._for_commands = {
            name: value for name, value in environ.items() if name not in secret and value.strip() not in hidden
        }
        self._clock = clock
        self._until = time.monotonic() + max_time
        self._kept: dict[str, tuple[Fetched, float]] = {}
        """By caller: the token, and the moment from which on it is fetched again."""
        self._replaced: dict[str, float] = {}
        self._failed: dict[str, tuple[str, float]] = {}
        """By caller: why there was none, and until when it is not tried again."""
        self._lock = threading.RLock()
        self._azure = {
            caller: AzureSource(caller, source.value, environ, say)
            for caller, source in sources.items()
            if source.kind == "azure"
        }

    def __repr__(self) -> str:
        return f"SourcedTokens({', '.join(self._sources)})"

    def check(self, caller: str) -> None:
        """What can be known of a source before anything is sent.

        Raises:
            CredentialError: a variable is not set, a program or a package is not there, an option makes no sense.
        """
        source = self._sources[caller]
        if source.kind == "env" and (missing := missing_variable(source.value, self._environ)):
            raise CredentialError(f"the token of {caller} is expected in {missing}")
        if source.kind == "env" and not re.fullmatch(r"[!#-&(-~]+", self._environ[source.value].strip()):
            raise UnusableToken(
                f"the environment variable {shown_variable(source.value)} should hold the token of {caller} alone, "
                "in ASCII, without `Bearer`, quotes or blanks"
            )
        if source.kind == "command":
            token_command.check(caller, source.value, self._environ)
        if source.kind == "azure":
            self._azure[caller].check()

    def shared(self, callers: Iterable[str]) -> list[str]:
        """Those whose variables hold one and the same token, where it does not say that it is an application's."""
        holders: dict[str, list[str]] = {}
        for caller in callers:
            if self._sources[caller].kind == "env":
                says = self.claims(caller)
                if says is None or not says.app_only:
                    holders.setdefault(self.token(caller), []).append(caller)
        return [caller for alike in holders.values() if len(alike) > 1 for caller in alike]

    def claims(self, caller: str) -> Caller | None:
        """What the caller's token says of itself; None where it is opaque or cannot be had."""
        try:
            return claims.read(self.token(caller))
        except CredentialError:
            return None

    def token(self, caller: str) -> str:
        """The caller's token, good now as far as it tells.

        Raises:
            CredentialError: it cannot be had.
        """
        with self._lock:
            kept = self._kept.get(caller)
            if kept is not None and self._clock() < kept[1]:
                return kept[0].token
            why, until = self._failed.get(caller, ("", 0.0))
            if self._clock() < until:
                raise CredentialError(why)
            return self._fetch(caller).token

    def source_name(self, caller: str) -> str:
        """The variable that holds the caller's token, else the caller's label."""
        source = self._sources.get(caller)
        return str(source.value) if source is not None and source.kind == "env" else caller

    def refused(self, caller: str) -> bool:
        """A 401 says `expired`: fetch again; True where the token is another one now."""
        with self._lock:
            now = self._clock()
            if now - self._replaced.get(caller, float("-inf")) < AT_MOST_EVERY:
                return False
            self._replaced[caller] = now
            before = self._kept.get(caller)
            return self._fetch(caller, afresh=True).token != (before[0].token if before else None)

    def _fetch(self, caller: str, afresh: bool = False) -> Fetched:
        source = self._sources.get(caller)
        if source is None:
            raise CredentialError(f"no token is known for {caller}")
        left = max(0.0, self._until - time.monotonic())
        try:
            if source.kind == "azure":
                fetched = self._azure[caller].fetch(afresh, left)
            elif source.kind == "command":
                within = min(token_command.WITHIN, left)
                fetched = token_command.fetch(caller, source.value, self._for_commands, within)
            else:
                self.check(caller)
                fetched = Fetched(Secret(self._environ[source.value].strip()))
        except CredentialError as error:
            self._failed[caller] = (str(error), self._clock() + AT_MOST_EVERY)
            raise
        self._kept[caller] = (fetched, self._good_until(fetched))
        return fetched

    def _good_until(self, fetched: Fetched) -> float:
        """The moment from which on the token is fetched again: well before the expiry that it or its source tells."""
        moments = [moment for moment in (fetched.expires, claims.expiry(fetched.token)) if moment]
        if not moments:
            return float("inf")
        now = self._clock()
        left = min(moments) - now
        return now + (left - min(EARLY, left / 2) if left > 0 else AT_MOST_EVERY)
