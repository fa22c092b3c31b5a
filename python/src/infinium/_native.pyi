"""The native core of the SDK: encoding, Maestro, ids and the HTTP transport.

Private to the package: programs use `infinium`, never `infinium._native`. Every function may be
called from any thread; what waits releases the GIL.
"""

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias, final

__version__: str
"""Version of the native module, e.g. "0.1.0"; equal to the package's."""

NAME_CHARS_MAX: int
"""Longest `TaskData.name`, in Unicode code points (500)."""

DESCRIPTION_CHARS_MAX: int
"""Longest `TaskData.description`, in Unicode code points (10,000)."""

PREVIEW_CHARS_MAX: int
"""Longest step preview that is sent, in Unicode code points (500)."""

DURATION_SECONDS_MAX: float
"""Largest `TaskData.duration` (86,400)."""

PAYLOAD_BYTES_MAX: int
"""Largest payload of one posted trace (1,048,576)."""

ErrorKind: TypeAlias = Literal[
    "connect",
    "timeout",
    "deadline",
    "tls",
    "protocol",
    "cancelled",
    "invalid",
    "malformed",
    "too_large",
]

Response: TypeAlias = tuple[int, dict[str, str], bytes, float]
"""status, headers (names in lower case; repeated ones joined with ", "), body, elapsed seconds.

`elapsed` is the whole call: rate limit, attempts and the waits between them.
"""

class NativeError(Exception):
    """Every failure of this module that is not a misuse (misuse is TypeError). Pickles.

    - ``connect``: the server could not be reached, or the connection broke before the whole answer
      was there;
    - ``timeout``: an attempt took longer than ``timeout``;
    - ``deadline``: the call was cut off by its ``deadline``;
    - ``tls``: the handshake failed (certificate, host name, protocol);
    - ``protocol``: what came back is not an acceptable HTTP answer (malformed, over 64 MiB);
    - ``cancelled``: ``cancel()``, ``close()`` or the end of the interpreter;
    - ``invalid``: a value breaks a rule; ``where`` is the path of the field at fault;
    - ``malformed``: bytes that should be JSON are not;
    - ``too_large``: the payload is over 1 MiB.
    """

    kind: ErrorKind
    message: str
    """One sentence for a person, without secrets or trace content; also ``str(error)``."""
    where: str
    """Path such as ``steps[3].tool_call.tool_name``, or empty."""

def encode_trace(task_data: object, *, sdk_version: str | None = None) -> bytes:
    """The payload of `task_data` as it goes on the wire: validated, compact JSON, UTF-8.

    `task_data` is a `TaskData` dataclass; nested values may be dataclasses or mappings. The caller's
    objects are only read. What is read:

    - each field of the C++ types, by attribute name; a missing attribute or None is an absent value;
    - `context` (RunContext or mapping) and `prompt_studio` (mapping
      ``{"prompts_used": [{"prompt_id", "prompt_name", "version", "source", "variables_used",
      "fetched_at"}]}``) of the TaskData, where there is such an attribute;
    - an instance attribute `_extra` (dict) of any dataclass: unknown keys, kept for the wire. The
      keys of a mapping that match no field become `metadata` where the type has one (an explicit
      `metadata` key wins), else they are kept for the wire too.

    Rules: str fields take str (lone surrogates become U+FFFD), int fields int or a float without a
    fraction, float fields int or finite float, bool fields bool only, list fields list or tuple,
    free-form values None, bool, int, finite float, str, list, tuple and mappings with str keys, up
    to depth 64 and without cycles. Previews over 500 code points are cut and end with ``…``; the
    whole text goes to ``metadata["full_input"]`` / ``["full_output"]`` (unless the caller already
    set it) while the payload stays under 1 MiB, else ``metadata["input_truncated_chars"]`` /
    ``["output_truncated_chars"]`` says how many code points are missing.

    `sdk_version` fills ``environment.sdk_version`` of the payload where the trace has none.

    Raises NativeError: `invalid` with the path in `where` (`name`, `steps[2].tool_call.tool_name`,
    `customer.customer_name`, `steps[0].metadata.rows[3]`), `too_large`.
    """

def validate_trace(task_data: object) -> None:
    """Raises what `encode_trace` would raise, the size of the payload included."""

def interpret(payload: bytes) -> bytes:
    """Maestro's result for one trace payload, as JSON (schema version 1), without a server.

    `traceId` is empty, `interpretedAt` now. The GIL is released.
    Raises NativeError: `malformed`, `invalid` with the path in `where`, `too_large`.
    """

def engine_version() -> str:
    """Version of Maestro's rules; changes whenever a result can change."""

def make_id() -> str:
    """A new UUIDv7 in its 36-character form: an idempotency key, and so the trace id."""

def is_uuid(text: str) -> bool:
    """Whether `text` is a UUID (36 characters, any version, either case)."""

def parse_iso_datetime(text: str) -> int | None:
    """Milliseconds since 1970 of an ISO 8601 date or time in the years 1900-2100, else None.

    No offset means UTC.
    """

def normalize_base_url(text: str) -> str:
    """The base URL as it is used: no trailing slash, ``/api/v1`` where the URL has no path.

    Raises NativeError `invalid` for anything that is not http(s)://HOST[:PORT][/PATH].
    """

def schema() -> dict[str, dict[str, bool]]:
    """Every C++ type with its fields and whether each is required.

    ``{"ErrorDetail": {"error_type": True, ..., "error_code": False}, ...}``: the dataclasses are
    held equal to it by a test.
    """

@final
class Call:
    """A request under way, made by `Transport.submit`."""

    def cancel(self) -> None:
        """Ends the call soon with `cancelled`; `on_done` still runs once. Harmless when done."""

@final
class Transport:
    """HTTP/1.1 to one server: a pool of kept-alive connections, retries, a shared rate limit.

    Any thread may call any method. All transports of a process share one native I/O thread, which
    starts with the first request; a forked child gets its own.
    """

    def __init__(
        self,
        base_url: str,
        *,
        user_agent: str = ...,
        connect_timeout: float = 10.0,
        max_retries: int = 3,
        requests_per_second: float | None = 10.0,
        burst: int = 20,
        verify_ssl: bool = True,
    ) -> None:
        """`requests_per_second=None` switches the rate limit off.

        With `verify_ssl` the certificate must be valid for the host by the system's authorities
        (SSL_CERT_FILE and SSL_CERT_DIR are honoured).
        Raises NativeError `invalid` for a bad URL or number.
        """

    @property
    def base_url(self) -> str:
        """As `normalize_base_url` gives it."""

    def request(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        *,
        timeout: float = 30.0,
        retries: int | None = None,
        deadline: float | None = None,
        from_root: bool = False,
    ) -> Response:
        """Sends and waits for the answer, with the GIL released; Ctrl-C interrupts it.

        `path` starts with "/" and follows the base URL's path (with `from_root` the host alone, for
        /healthz). `timeout` is seconds for one attempt, connecting included; `deadline` seconds for
        all of it, waits included. `retries` (default `max_retries`) further attempts follow a
        connection error, a time-out, a 5xx or a 429: after `Retry-After`, else 1 s * 2^n up to 60 s,
        +-25 %. When they are used up, when `Retry-After` is over 60 s, or when the wait would pass
        the deadline, the last answer is returned or the last error raised. Any HTTP status is an
        answer, not an error; redirects are not followed.
        Host, User-Agent, Content-Length and Connection are set here; other headers are the caller's.
        Raises NativeError: connect, timeout, deadline, tls, protocol, cancelled, invalid.
        """

    def submit(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        *,
        on_done: Callable[[Response | NativeError], object],
        timeout: float = 30.0,
        retries: int | None = None,
        deadline: float | None = None,
        from_root: bool = False,
    ) -> Call:
        """The same without waiting: `on_done(result)` runs once, on the native thread.

        It must return quickly (`loop.call_soon_threadsafe(...)`); what it raises is reported through
        `sys.unraisablehook`. Raises NativeError `invalid` at once for bad arguments. After a fork
        the child's copy of a call that the parent had under way never completes.
        """

    def close(self) -> None:
        """Ends all calls with `cancelled` and closes the connections; later calls are `cancelled`.

        Harmless when closed.
        """
