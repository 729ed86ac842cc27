"""What can be broken in front of a good API, or in it, each with the likely cause that has to name it."""

from __future__ import annotations

import base64
import io
import json
import re
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image

from conformance.model import Answer
from conformance.reference.embedding import Running
from tests.interop.gateways import Asked, Forward, haproxy, nginx, relay
from tests.interop.scenarios import SCENARIOS as SCENARIOS
from tests.interop.scenarios import pictures, proxied, relabelled, scenario, suite_on, upstream, with_version

ROUTES = re.compile("/v1.0(/me|/[a-z]+/[^/]+)(/contactfolders/[^/]+)?(/contacts/[^/]+)?/photo(/.value)?")


@scenario("no-credential-checked")
def every_request_is_sent_on_as_one_user(api: Running, folder: Path) -> AbstractContextManager[str]:
    """A backend for a frontend: nginx puts in the token of a service account."""
    return proxied(api, folder, f'proxy_set_header Authorization "Bearer {api.tokens["ADELE_TOKEN"]}";')


@scenario("no-credential-checked")
def every_bearer_token_is_good(api: Running, folder: Path) -> AbstractContextManager[str]:
    """A mock that looks whether there is a token, and not which; nginx sends one of the first user's on."""
    token = f'map $http_authorization $sent {{ "~^Bearer ." "Bearer {api.tokens["ADELE_TOKEN"]}"; default ""; }}'
    return proxied(api, folder, "proxy_set_header Authorization $sent;", token)


@scenario("missing-routes")
def a_mock_without_tokens_and_contacts(api: Running, folder: Path) -> AbstractContextManager[str]:
    lines = f'proxy_set_header Authorization "Bearer {api.tokens["ADELE_TOKEN"]}";'
    return proxied(api, folder, f"{lines} location ~ /contacts/ {{ return 404; }}")


@scenario("user-key")
def an_encoded_at_sign_is_not_decoded(api: Running, folder: Path) -> AbstractContextManager[str]:
    return proxied(api, folder, 'if ($request_uri ~ "%40") { return 404; }')


@scenario("encoded-slash")
@contextmanager
def nginx_decodes_paths(api: Running, folder: Path) -> Iterator[str]:
    """A `proxy_pass` with a URI: nginx decodes the path, and the router behind it finds more segments than it knows."""

    def routed(asked: Asked, forward: Forward) -> Answer:
        if ROUTES.fullmatch(asked.target.partition("?")[0]):
            return forward(asked)
        return Answer(404, (("Content-Type", "text/plain"),), b"no such route")

    with (
        relay(api.base_url, routed) as router,
        nginx(folder, f"location / {{ proxy_pass {router.removesuffix('/v1.0')}/; }}") as root,
    ):
        yield root + "/v1.0"


@scenario("encoded-slash")
def haproxy_refuses_encoded_slashes(api: Running, folder: Path) -> AbstractContextManager[str]:
    deny = "http-request deny deny_status 400 if { path -m sub -i %2f }"
    return with_version(haproxy(folder, deny, urlsplit(api.base_url).netloc))


@scenario("folder-path-case")
def one_spelling_of_a_path_is_not_routed(api: Running, folder: Path) -> AbstractContextManager[str]:
    return proxied(api, folder, "location ~ /contactfolders/ { return 404; }")


@scenario("missing-routes")
def groups_have_no_route(api: Running, folder: Path) -> AbstractContextManager[str]:
    return proxied(api, folder, "location ~ ^/v1.0/groups/ { return 404; }")


CACHE = """
proxy_cache_path {folder}/cache keys_zone=photos:1m;
proxy_cache photos; proxy_cache_key $request_uri; proxy_cache_valid {what} 10m; proxy_ignore_headers Cache-Control;
"""
KEY = "$http_authorization$request_uri"
"""Of a cache that keeps callers apart."""


@scenario("shared-cache", 4)
def nginx_caches_for_all_callers(api: Running, folder: Path) -> AbstractContextManager[str]:
    """The request ids of the API are in what the cache serves."""
    return proxied(api, folder, http=CACHE.format(folder=folder, what="any"))


@scenario("shared-cache", 4)
def nginx_caches_and_leaves_no_trace(api: Running, folder: Path) -> AbstractContextManager[str]:
    hidden = "".join(
        f"proxy_hide_header {name};" for name in ("request-id", "client-request-id", "x-ms-ags-diagnostic")
    )
    return proxied(api, folder, http=CACHE.format(folder=folder, what="200") + hidden)


@scenario("stale-cache")
def nginx_serves_old_pictures(api: Running, folder: Path) -> AbstractContextManager[str]:
    marked = "add_header X-Cache-Status $upstream_cache_status;"
    return _stale(api, folder, marked)


@scenario("stale-cache")
def nginx_serves_old_pictures_and_leaves_no_trace(api: Running, folder: Path) -> AbstractContextManager[str]:
    return _stale(api, folder, "")


@contextmanager
def _stale(api: Running, folder: Path, marked: str) -> Iterator[str]:
    """Pictures are cached for each caller, and then all of them change."""
    changed = threading.Event()
    between = pictures(lambda answer: answer if changed.is_set() else _earlier(answer))
    cache = CACHE.format(folder=folder, what="200").replace("proxy_cache photos;", "").replace("$request_uri", KEY)
    with relay(api.base_url, between) as origin:
        lines = f"location ~ value$ {{ proxy_pass {origin.removesuffix('/v1.0')}; proxy_cache photos; {marked} }}"
        with proxied(api, folder, lines, cache) as base_url:
            suite_on(api, base_url, folder / "before", "-k", "picture.answers")
            changed.set()
            yield base_url


def _earlier(answer: Answer) -> Answer:
    """The picture that was there before: another one, of another size, with a tag of its own."""
    with Image.open(io.BytesIO(answer.body)) as image:
        before, kind = image.rotate(90).resize((image.width + 16, image.height + 24)), image.format
    file = io.BytesIO()
    before.save(file, kind)
    tags = tuple((n, v[:-3] + 'ff"' if n.lower() == "etag" else v) for n, v in answer.headers)
    return replace(answer, headers=tags, body=file.getvalue())


@scenario("one-redirect")
def a_login_page_stands_in_front(api: Running, folder: Path) -> AbstractContextManager[str]:
    return with_version(nginx(folder, "return 302 https://login.example/authorize?back=$request_uri;"))


@scenario("one-redirect")
def everything_moved_to_https(api: Running, folder: Path) -> AbstractContextManager[str]:
    return with_version(nginx(folder, "return 301 https://photos.example$request_uri;"))


@scenario("backend-down")
def nginx_finds_no_backend(api: Running, folder: Path) -> AbstractContextManager[str]:
    return with_version(nginx(folder, "location / { proxy_pass http://127.0.0.1:9; }"))


@scenario("backend-down")
def haproxy_finds_no_backend(api: Running, folder: Path) -> AbstractContextManager[str]:
    return with_version(haproxy(folder, "", "127.0.0.1:9"))


@scenario("one-web-page")
def a_single_page_app_has_every_path(api: Running, folder: Path) -> AbstractContextManager[str]:
    (folder / "index.html").write_text("<!doctype html><title>Portal</title>")
    types = "types { text/html html; }"
    return with_version(nginx(folder, f"root {folder}; {types} location / {{ try_files /index.html =404; }}"))


@scenario("wrong-version")
def the_base_url_has_another_version(api: Running, folder: Path) -> AbstractContextManager[str]:
    return with_version(nginx(folder, f"location / {{ proxy_pass {upstream(api)}; }}"), "/v2.0")


@scenario("wrong-version")
def the_base_url_has_no_version(api: Running, folder: Path) -> AbstractContextManager[str]:
    return nginx(folder, f"location / {{ proxy_pass {upstream(api)}; }}")


def _saved(answer: Answer, kind: str, side: int) -> Answer:
    with Image.open(io.BytesIO(answer.body)) as image:
        image.thumbnail((side, side))
        file = io.BytesIO()
        image.save(file, kind)
    return relabelled(answer, Image.MIME[kind], file.getvalue())


@scenario("image-proxy")
def an_image_proxy_sends_webp(api: Running, folder: Path) -> AbstractContextManager[str]:
    return relay(api.base_url, pictures(lambda answer: _saved(answer, "WEBP", 9999)))


@scenario("image-proxy")
def an_image_proxy_shrinks(api: Running, folder: Path) -> AbstractContextManager[str]:
    return relay(api.base_url, pictures(lambda answer: _saved(answer, _kind(answer), 100)))


def _kind(answer: Answer) -> str:
    return "PNG" if answer.body.startswith(b"\x89PNG") else "JPEG"


@scenario("text-decoder")
def pictures_are_decoded_as_text(api: Running, folder: Path) -> AbstractContextManager[str]:
    def decoded(answer: Answer) -> Answer:
        return replace(answer, body=answer.body.decode("utf-8", "replace").encode())

    return relay(api.base_url, pictures(decoded))


@scenario("text-decoder")
def line_ends_of_pictures_are_changed(api: Running, folder: Path) -> AbstractContextManager[str]:
    return relay(api.base_url, pictures(lambda answer: replace(answer, body=answer.body.replace(b"\n", b"\r\n"))))


@scenario("base64-body")
def pictures_are_base64(api: Running, folder: Path) -> AbstractContextManager[str]:
    """API Gateway without binaryMediaTypes."""
    return relay(api.base_url, pictures(lambda answer: replace(answer, body=base64.b64encode(answer.body))))


@scenario("base64-body")
def pictures_are_data_urls(api: Running, folder: Path) -> AbstractContextManager[str]:
    def as_url(answer: Answer) -> Answer:
        return relabelled(answer, "text/plain", b"data:image/jpeg;base64," + base64.b64encode(answer.body))

    return relay(api.base_url, pictures(as_url))


@scenario("octet-stream")
def storage_does_not_know_the_type(api: Running, folder: Path) -> AbstractContextManager[str]:
    hidden = (
        f"proxy_pass {upstream(api)}; proxy_hide_header Content-Type; add_header Content-Type application/octet-stream;"
    )
    return proxied(api, folder, f"location ~ value$ {{ {hidden} }}")


@scenario("one-picture-for-all")
def one_picture_is_sent_to_all(api: Running, folder: Path) -> AbstractContextManager[str]:
    def of_one(asked: Asked, forward: Forward) -> Answer:
        answer = forward(asked)
        if asked.target.endswith("/$value") and answer.status == 200:
            token = {"Authorization": f"Bearer {api.tokens['ADELE_TOKEN']}"}
            return forward(Asked("GET", "/v1.0/me/photo/$value", {**asked.headers, **token}))
        return answer

    return relay(api.base_url, of_one)


@scenario("application-token")
def an_application_asks_for_me(api: Running, folder: Path) -> AbstractContextManager[str]:
    message = "/me request is only valid with delegated authentication flow."
    body = json.dumps({"error": {"code": "BadRequest", "message": message}}).encode()

    def refused(asked: Asked, forward: Forward) -> Answer:
        if asked.target.startswith("/v1.0/me/") and asked.headers.get("Authorization", "").startswith(
            "Bearer reference"
        ):
            return Answer(400, (("Content-Type", "application/json"),), body)
        return forward(asked)

    return relay(api.base_url, refused)


@scenario("missing-scope")
def the_token_has_no_scope_for_groups(api: Running, folder: Path) -> AbstractContextManager[str]:
    """The API knows less scopes of the main token than the target file hopes for."""
    body = b'{"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges."}}'
    tokens = {f"Bearer {api.tokens[name]}" for name in ("ADELE_TOKEN", "MEGAN_TOKEN")}

    def refused(asked: Asked, forward: Forward) -> Answer:
        if "/groups/" in asked.target and asked.headers.get("Authorization") in tokens:
            return Answer(403, (("Content-Type", "application/json"),), body)
        return forward(asked)

    return relay(api.base_url, refused)


@scenario("other-edition", edition="v1.0-2024")
def the_service_follows_a_later_page(api: Running, folder: Path) -> AbstractContextManager[str]:
    return proxied(api, folder)


@scenario("other-edition", edition="observed")
def the_service_follows_what_was_observed(api: Running, folder: Path) -> AbstractContextManager[str]:
    return proxied(api, folder)
