"""The native transport as Python sees it: threads, cancel, Ctrl-C, forks, the end."""

# Wrong arguments are the point here.
# pyright: reportArgumentType=false

from __future__ import annotations

import pickle
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from infinium import _native
from scripted_server import Answer, ScriptedServer, Seen


def unused_url() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def transport(url: str, **settings: Any) -> _native.Transport:
    return _native.Transport(url, **{"requests_per_second": None, "max_retries": 0, **settings})


def submit(sender: _native.Transport, path: str = "/x", **settings: Any) -> tuple[Any, Future[Any]]:
    future: Future[Any] = Future()
    return sender.submit("GET", path, on_done=future.set_result, **settings), future


def kind_of(error: object) -> str:
    assert isinstance(error, _native.NativeError)
    return error.kind


def test_a_request_and_its_answer(server: ScriptedServer) -> None:
    server.script = lambda seen: Answer(201, b"\x00\xffbody", {"X-Thing": "Ünï"})
    status, headers, body, elapsed = transport(server.url).request(
        "POST", "/a?b=c", {"x-agent-key": "kéy"}, b"\x00\x01", timeout=10
    )
    assert (status, body) == (201, b"\x00\xffbody")
    assert headers["x-thing"] == "Ünï"
    assert 0 < elapsed < 10
    (seen,) = server.seen
    assert (seen.method, seen.path, seen.body) == ("POST", "/api/v1/a?b=c", b"\x00\x01")
    assert seen.headers["user-agent"].startswith("infinium-python/")


def test_errors_have_a_kind_and_pickle() -> None:
    sender = transport(unused_url())
    with pytest.raises(_native.NativeError) as caught:
        sender.request("GET", "/x")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.kind, copy.message, copy.where) == ("connect", str(caught.value), "")
    _, future = submit(sender)
    assert kind_of(future.result(10)) == "connect"


def test_time_outs_and_deadlines_are_told_apart(server: ScriptedServer) -> None:
    gate = server.gate()
    server.script = lambda seen: Answer(200, gate=gate)
    sender = transport(server.url)
    with pytest.raises(_native.NativeError) as caught:
        sender.request("GET", "/x", timeout=0.05)
    assert caught.value.kind == "timeout"
    with pytest.raises(_native.NativeError) as caught:
        sender.request("GET", "/x", timeout=10, deadline=0.05)
    assert caught.value.kind == "deadline"


@pytest.mark.parametrize(
    ("arguments", "settings", "where"),
    [
        (("GET", "x"), {}, "path"),
        (("GET", "/\ud800"), {}, "path"),
        (("G T", "/x"), {}, "method"),
        (("GET", "/x", {"a": "b\r\nc: d"}), {}, "headers.a"),
        (("GET", "/x"), {"timeout": 0}, "timeout"),
        (("GET", "/x"), {"timeout": float("nan")}, "timeout"),
        (("GET", "/x"), {"deadline": -1}, "deadline"),
    ],
)
def test_bad_arguments_are_refused_at_once(
    arguments: tuple[Any, ...], settings: dict[str, Any], where: str
) -> None:
    sender = transport(unused_url())
    with pytest.raises(_native.NativeError) as caught:
        sender.request(*arguments, **settings)
    assert (caught.value.kind, caught.value.where) == ("invalid", where)
    with pytest.raises(_native.NativeError):
        sender.submit(*arguments, on_done=lambda result: None, **settings)


@pytest.mark.parametrize(
    "settings",
    [
        {"base_url": "nowhere"},
        {"max_retries": -1},
        {"requests_per_second": 0},
        {"requests_per_second": float("inf")},
        {"burst": 0},
        {"connect_timeout": 0},
    ],
)
def test_bad_settings_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(_native.NativeError) as caught:
        _native.Transport(**{"base_url": "http://127.0.0.1", **settings})
    assert caught.value.kind == "invalid"


def test_misuse_is_a_type_error() -> None:
    sender = transport(unused_url())
    with pytest.raises(TypeError):
        sender.request("GET", "/x", {"a": 1})
    with pytest.raises(TypeError):
        sender.request("GET", "/x", None, "text")
    with pytest.raises(TypeError):
        sender.submit("GET", "/x", on_done=None)


def test_threads_share_the_connections_and_the_rate(server: ScriptedServer) -> None:
    server.answer(200, {})
    sender = transport(server.url, requests_per_second=20.0, burst=4)
    started = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda i: sender.request("GET", f"/{i}"), range(8)))
    assert [answer[0] for answer in answers] == [200] * 8
    assert time.monotonic() - started >= 4 / 20 - 0.01, "four of eight wait for a token"


def test_other_threads_run_while_one_waits(server: ScriptedServer) -> None:
    gate = server.gate()
    server.script = lambda seen: Answer(200, gate=gate)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(transport(server.url).request, "GET", "/x")
        gate.set()  # could not run if the GIL were held
        assert waiting.result(10)[0] == 200


def test_cancel_ends_a_call_once(server: ScriptedServer) -> None:
    gate, arrived = server.gate(), threading.Event()

    def hold(seen: Seen) -> Answer:
        arrived.set()
        return Answer(200, gate=gate)

    server.script = hold
    sender = transport(server.url)
    call, future = submit(sender)
    assert arrived.wait(10)
    call.cancel()
    assert kind_of(future.result(10)) == "cancelled"
    call.cancel()


def test_close_cancels_what_waits_and_what_comes_later(server: ScriptedServer) -> None:
    gate = server.gate()
    server.script = lambda seen: Answer(200, gate=gate)
    sender = transport(server.url)
    _, future = submit(sender)
    sender.close()
    assert kind_of(future.result(10)) == "cancelled"
    with pytest.raises(_native.NativeError) as caught:
        sender.request("GET", "/x")
    assert caught.value.kind == "cancelled"
    sender.close()


def test_a_transport_dropped_with_a_call_under_way_cancels_it(server: ScriptedServer) -> None:
    gate = server.gate()
    server.script = lambda seen: Answer(200, gate=gate)
    _, future = submit(transport(server.url))
    assert kind_of(future.result(10)) == "cancelled"


def test_what_on_done_raises_is_reported_and_harms_nothing(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answer(200, {})
    reported: Future[Any] = Future()
    monkeypatch.setattr(sys, "unraisablehook", lambda args: reported.set_result(args.exc_value))

    def broken(result: _native.Response | _native.NativeError) -> None:
        raise LookupError("mine")

    sender = transport(server.url)
    sender.submit("GET", "/x", on_done=broken)
    assert isinstance(reported.result(10), LookupError)
    assert sender.request("GET", "/x")[0] == 200


def run(script: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_ctrl_c_interrupts_a_request(server: ScriptedServer) -> None:
    gate, arrived = server.gate(), threading.Event()

    def hold(seen: Seen) -> Answer:
        arrived.set()
        return Answer(200, gate=gate)

    server.script = hold
    process = run(
        """
        import sys
        from infinium import _native
        try:
            _native.Transport(sys.argv[1]).request("GET", "/x", timeout=60)
        except KeyboardInterrupt:
            print("interrupted")
        """,
        server.url,
    )
    assert arrived.wait(30)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30) == ("interrupted\n", "")
    assert process.returncode == 0


def test_the_interpreter_ends_with_calls_under_way(server: ScriptedServer) -> None:
    gate = server.gate()
    server.script = lambda seen: Answer(200, gate=gate) if "held" in seen.path else Answer(200)
    process = run(
        """
        import sys
        from infinium import _native
        sender = _native.Transport(sys.argv[1])
        sender.request("GET", "/first")
        sender.submit("GET", "/held", on_done=lambda result: print(result.kind), timeout=60)
        """,
        server.url,
    )
    assert process.communicate(timeout=30) == ("cancelled\n", "")
    assert process.returncode == 0


def test_a_forked_child_starts_afresh(server: ScriptedServer) -> None:
    server.answer(200, {})
    process = run(
        """
        import os, sys, threading, warnings
        from infinium import _native
        warnings.simplefilter("ignore", DeprecationWarning)
        sender = _native.Transport(sys.argv[1], requests_per_second=None)
        stop = threading.Event()
        def busy():
            while not stop.is_set():
                sender.request("GET", "/busy")
        threads = [threading.Thread(target=busy) for _ in range(3)]
        for thread in threads:
            thread.start()
        for _ in range(10):
            child = os.fork()
            if child == 0:
                good = all(sender.request("GET", "/child", timeout=20)[0] == 200 for _ in range(3))
                other = _native.Transport(sys.argv[1]).request("GET", "/other", timeout=20)
                os._exit(0 if good and other[0] == 200 else 1)
            assert os.waitpid(child, 0)[1] == 0
            assert sender.request("GET", "/parent")[0] == 200
        stop.set()
        for thread in threads:
            thread.join()
        print("done")
        """,
        server.url,
    )
    assert process.communicate(timeout=60) == ("done\n", "")
    paths = [seen.path for seen in server.seen]
    assert paths.count("/api/v1/child") == 30
    assert paths.count("/api/v1/other") == 10


def test_a_child_that_exits_in_good_order_leaves_the_parent_alone(server: ScriptedServer) -> None:
    server.answer(200, {})
    process = run(
        """
        import os, sys, warnings
        from infinium import _native
        warnings.simplefilter("ignore", DeprecationWarning)
        sender = _native.Transport(sys.argv[1])
        sender.request("GET", "/parent")
        child = os.fork()
        if child == 0:
            sys.exit(0)  # runs the exit handlers that the parent has registered
        assert os.waitpid(child, 0)[1] == 0
        print(sender.request("GET", "/parent")[0])
        """,
        server.url,
    )
    assert process.communicate(timeout=30) == ("200\n", "")


def test_nothing_leaks(server: ScriptedServer) -> None:
    """The binding warns on stderr at exit about every object that is still alive."""
    server.answer(200, {})
    process = run(
        """
        import sys
        from infinium import _native
        done = []
        sender = _native.Transport(sys.argv[1])
        for i in range(5):
            sender.request("GET", "/x")
            sender.submit("GET", "/x", on_done=done.append)
        try:
            _native.encode_trace({"name": 7})
        except _native.NativeError as error:
            kept = error
        """,
        server.url,
    )
    assert process.communicate(timeout=30) == ("", "")
